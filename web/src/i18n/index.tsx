import { createContext, type ReactNode, useContext, useEffect, useMemo, useState } from "react";
import type { en } from "./en";
import { type Format, formatsOf } from "./format";
import { translate } from "./translate";
import type { Keys, Like, Values } from "./types";

export const LOCALES = ["en", "vi"] as const;
export type Locale = (typeof LOCALES)[number];
export type Dictionary = Like<typeof en>;
export type Key = Keys<typeof en>;
/** The text of a key, its `{names}` filled in. Both are checked by tsc. */
export type Translate = <K extends Key>(key: K, ...values: Values<typeof en, K>) => string;

interface I18n {
  locale: Locale;
  setLocale: (locale: Locale) => void;
  t: Translate;
  format: Format;
}

const Context = createContext<I18n | null>(null);
const STORED = "nhip-locale";

/** What was shown last on this browser, else what the browser reads. */
export function initialLocale(): Locale {
  const wanted = localStorage.getItem(STORED) ?? navigator.language.slice(0, 2);
  return LOCALES.find((locale) => locale === wanted) ?? "en";
}

/** Chosen in this tab while nobody was logged in. */
const CHOSEN = "nhip-locale-chosen";

/** Somebody who is not logged in yet chooses the language for when they are. */
export function chooseBeforeLogIn(locale: Locale): void {
  sessionStorage.setItem(CHOSEN, locale);
}

/**
 * The language of whoever is logged in: their own, wherever they chose it. What they chose on this browser's log-in page
 * holds for them here, until they choose again.
 */
export function localeOf(me: { id: string; locale: string }): Locale | undefined {
  const stored = `${STORED}:${me.id}`;
  const chosen = sessionStorage.getItem(CHOSEN);
  sessionStorage.removeItem(CHOSEN);
  if (chosen) localStorage.setItem(stored, `${chosen}/${me.locale}`);
  const [here, insteadOf] = (localStorage.getItem(stored) ?? "").split("/");
  const wanted = insteadOf === me.locale ? here : me.locale;
  return LOCALES.find((locale) => locale === wanted);
}

/** One language is fetched, not both. */
export async function dictionaryOf(locale: Locale): Promise<Dictionary> {
  return locale === "vi" ? (await import("./vi")).vi : (await import("./en")).en;
}

interface Props {
  initial: Locale;
  dictionary: Dictionary;
  children: ReactNode;
}

export function I18nProvider({ initial, dictionary, children }: Props) {
  const [shown, show] = useState({ locale: initial, dictionary });
  useEffect(() => {
    document.documentElement.lang = shown.locale;
  }, [shown.locale]);
  const value = useMemo<I18n>(
    () => ({
      locale: shown.locale,
      setLocale: async (locale) => {
        localStorage.setItem(STORED, locale);
        show({ locale, dictionary: await dictionaryOf(locale) });
      },
      t: (key, ...values) => translate(shown.dictionary, shown.locale, key, values[0]),
      format: formatsOf(shown.locale),
    }),
    [shown],
  );
  return <Context value={value}>{children}</Context>;
}

export function useI18n(): I18n {
  const i18n = useContext(Context);
  if (!i18n) throw new Error("useI18n outside I18nProvider");
  return i18n;
}
