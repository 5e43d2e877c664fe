import { SegmentedControl, useMantineColorScheme } from "@mantine/core";
import { useDo } from "@/api/query";
import { graphql } from "@/gql";
import { LOCALES, type Locale, useI18n } from "@/i18n";

const NAMES = { en: "English", vi: "Tiếng Việt" };

const READ_IN = graphql(`
  mutation ReadIn($locale: String!) { updateMe(input: { locale: $locale }) { id locale } }
`);

/** Light, dark, or as the system has it; remembered on this browser. */
export function ThemeSwitch() {
  const { t } = useI18n();
  const { colorScheme, setColorScheme } = useMantineColorScheme({ keepTransitions: true });
  return (
    <SegmentedControl
      aria-label={t("common.theme")}
      size="xs"
      value={colorScheme}
      onChange={(value) => setColorScheme(value as typeof colorScheme)}
      data={[
        { value: "auto", label: t("common.themeAuto") },
        { value: "light", label: t("common.themeLight") },
        { value: "dark", label: t("common.themeDark") },
      ]}
    />
  );
}

/** The language; remembered for the person, wherever they log in. */
export function LanguageSwitch() {
  const { t, locale, setLocale } = useI18n();
  const remember = useDo(READ_IN);
  const choose = (locale: Locale) => {
    setLocale(locale);
    remember.mutate({ locale });
  };
  return (
    <SegmentedControl
      aria-label={t("common.language")}
      size="xs"
      value={locale}
      onChange={(value) => choose(value as Locale)}
      data={LOCALES.map((value) => ({ value, label: NAMES[value] }))}
    />
  );
}
