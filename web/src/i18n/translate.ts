import type { Plural, Texts } from "./types";

type Filling = Record<string, string | number>;

/** The text at `key`, in the plural that `count` asks for, its names filled in; numbers as the language writes them. */
export function translate(dictionary: object, locale: string, key: string, values: Filling = {}): string {
  const found = key
    .split(".")
    .reduce<unknown>((texts, part) => (texts as Texts | undefined)?.[part], dictionary);
  const text = typeof found === "string" ? found : plural(found as Plural, locale, values.count);
  return text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name] ?? "";
    return typeof value === "number" ? new Intl.NumberFormat(locale).format(value) : value;
  });
}

function plural(texts: Plural, locale: string, count: string | number | undefined): string {
  const one = new Intl.PluralRules(locale).select(Number(count)) === "one";
  return (one && texts.one) || texts.other;
}
