import type { Plugin } from "vite";
import { nameOf } from "../src/api/name";
import * as generated from "../src/gql/graphql";

const IMPORT = 'import { graphql } from "@/gql";';
const WRITTEN = /graphql\(\s*`([^`]*)`,?\s*\)/g;

/**
 * Puts each GraphQL document where it is asked, as a plain string with its fragments. Otherwise codegen's map of all of
 * them, which has each twice, would come with the first page.
 */
export function documentsInPlace(): Plugin {
  const texts = new Map(
    Object.values(generated)
      .map(String)
      .filter((text) => nameOf(text) !== "")
      .map((text) => [nameOf(text), text.trim().replaceAll(/\s+/g, " ")]),
  );
  return {
    name: "nhip-documents",
    apply: "build",
    enforce: "pre",
    transform(code) {
      if (!code.includes(IMPORT)) return null;
      const placed = code.replace(IMPORT, "").replaceAll(WRITTEN, (_, written: string) => {
        // A fragment alone asks nothing; whoever spreads it carries it.
        if (written.trimStart().startsWith("fragment")) return "undefined";
        const text = texts.get(nameOf(written));
        if (!text) this.error(`No generated document is called “${nameOf(written)}”`);
        return JSON.stringify(text);
      });
      return { code: placed, map: null };
    },
  };
}
