import { TextInput } from "@mantine/core";
import { useI18n } from "@/i18n";
import { PasswordField } from "@/ui/password-field";

/** What the server takes at least, in characters. */
const SHORTEST = 8;

interface Props {
  name?: string;
  label?: string;
}

/** A password that is being chosen; password managers offer one. */
export function NewPassword({ name = "password", label }: Props) {
  const { t } = useI18n();
  return (
    <PasswordField
      name={name}
      label={label ?? t("login.password")}
      description={t("login.passwordHint")}
      autoComplete="new-password"
      minLength={SHORTEST}
      required
      withAsterisk={false}
    />
  );
}

/** The password that one has. */
export function KnownPassword() {
  const { t } = useI18n();
  return (
    <PasswordField
      name="password"
      label={t("login.password")}
      autoComplete="current-password"
      required
      withAsterisk={false}
    />
  );
}

/** The address of whoever fills in the form; `knownAs` is what password managers know it as. */
export function Email({ knownAs }: { knownAs: "username" | "email" }) {
  const { t } = useI18n();
  return (
    <TextInput
      name="email"
      type="email"
      label={t("login.email")}
      autoComplete={knownAs}
      required
      withAsterisk={false}
    />
  );
}
