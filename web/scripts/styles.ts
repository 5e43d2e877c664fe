import postcss from "postcss";
import type { Plugin } from "vite";

/** Mantine's classes: each stands in its component's code and in its rules, and nowhere else. */
const CLASS = /\bm_[0-9a-f]{4,}\b/g;

/** Leaves out the rules of those of Mantine's components that no page uses. */
export function usedStylesAlone(): Plugin {
  return {
    name: "nhip-styles",
    apply: "build",
    enforce: "post",
    generateBundle(_, bundle) {
      const files = Object.values(bundle);
      const used = new Set(files.flatMap((file) => (file.type === "chunk" ? classesIn(file.code) : [])));
      for (const file of files) {
        if (file.type === "asset" && file.fileName.endsWith(".css"))
          file.source = keep(String(file.source), used);
      }
    },
  };
}

function classesIn(text: string): string[] {
  return text.match(CLASS) ?? [];
}

/** The rules of which some selector may match; and no media query that is left empty. */
export function keep(css: string, used: ReadonlySet<string>): string {
  const isUsed = (selector: string) => classesIn(selector).every((name) => used.has(name));
  const root = postcss.parse(css);
  root.walkRules((rule) => {
    if (rule.parent?.type === "atrule" && /keyframes$/.test((rule.parent as postcss.AtRule).name)) return;
    const selectors = rule.selectors.filter(isUsed);
    if (selectors.length === 0) rule.remove();
    else if (selectors.length < rule.selectors.length) rule.selectors = selectors;
  });
  root.walkAtRules((rule) => {
    if (rule.nodes?.length === 0) rule.remove();
  });
  return root.toString();
}
