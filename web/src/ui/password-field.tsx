import { PasswordInput, type PasswordInputProps } from "@mantine/core";
import { useI18n } from "@/i18n";

/** A field for what nobody else shall see, with a button that shows it. */
export function PasswordField(props: PasswordInputProps) {
  const { t } = useI18n();
  return (
    <PasswordInput
      visibilityToggleFocusable
      visibilityToggleButtonProps={{ "aria-label": t("common.showTyped") }}
      {...props}
    />
  );
}
