import { readFileSync } from "node:fs";
import { buildSchema, isEnumType } from "graphql";
import { expect, test } from "vitest";
import { CODES } from "@/api/errors";
import { en } from "@/i18n/en";
import { translate } from "@/i18n/translate";
import { vi } from "@/i18n/vi";

const LANGUAGES = { en, vi };

const schema = buildSchema(readFileSync("../api/schema.graphql", "utf8"));
const ENUMS = Object.values(schema.getTypeMap())
  .filter(isEnumType)
  .filter(({ name }) => !name.startsWith("__"));
/** Those of which a person must learn what to do. */
const WITH_A_CURE = ["AccountReason", "FailureReason", "RefusalCode", "WaitReason"];

for (const [language, texts] of Object.entries(LANGUAGES)) {
  test(`every value of every enum in the schema has its words in ${language}`, () => {
    const enums: Record<string, Record<string, unknown>> = texts.enums;
    const lacking = ENUMS.flatMap((kind) =>
      kind
        .getValues()
        .filter((value) => !isTold(kind.name, enums[kind.name]?.[value.name]))
        .map((value) => `${kind.name}.${value.name}`),
    );
    expect(lacking).toEqual([]);
  });

  test(`every error code has its words in ${language}`, () => {
    expect(CODES.filter((code) => !texts.errors[code])).toEqual([]);
  });
}

function isTold(name: string, text: unknown): boolean {
  if (!WITH_A_CURE.includes(name)) return typeof text === "string" && text !== "";
  const { label, todo } = (text ?? {}) as { label?: string; todo?: string };
  return Boolean(label && todo);
}

test("both languages fill the same names into each text", () => {
  expect(namesIn(vi)).toEqual(namesIn(en));
});

/** `messages.found: count`, … */
function namesIn(texts: object, path = ""): string[] {
  return Object.entries(texts).flatMap(([key, text]) => {
    const plain = typeof text === "object" && "other" in text ? text.other : text;
    if (typeof plain === "object") return namesIn(plain, `${path}${key}.`);
    const names = [...plain.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    return [`${path}${key}: ${names.sort().join()}`];
  });
}

test("plurals and numbers follow the language", () => {
  expect(translate(en, "en", "common.credits", { count: 1 })).toBe("1\u00a0credit");
  expect(translate(en, "en", "common.credits", { count: 1234 })).toBe("1,234\u00a0credits");
  expect(translate(vi, "vi", "common.credits", { count: 1234 })).toBe("1.234\u00a0tín\u00a0dụng");
});
