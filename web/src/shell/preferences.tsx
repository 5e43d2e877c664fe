import { SegmentedControl, useMantineColorScheme } from "@mantine/core";
import { LOCALES, type Locale, useI18n } from "@/i18n";

const NAMES = { en: "English", vi: "Tiếng Việt" };

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

/** The language. `onChoose` remembers it beyond this browser's page. */
export function LanguageSwitch({ onChoose }: { onChoose: (locale: Locale) => void }) {
  const { t, locale, setLocale } = useI18n();
  const choose = (value: string) => {
    setLocale(value as Locale);
    onChoose(value as Locale);
  };
  return (
    <SegmentedControl
      aria-label={t("common.language")}
      size="xs"
      value={locale}
      onChange={choose}
      data={LOCALES.map((value) => ({ value, label: NAMES[value] }))}
    />
  );
}
