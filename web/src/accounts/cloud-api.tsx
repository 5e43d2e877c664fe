import { Anchor, Button, Text, TextInput } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import type { ApiError } from "@/api/errors";
import type { CloudApiInput } from "@/gql/graphql";
import { useI18n } from "@/i18n";
import { CopyButton } from "@/ui/copy";
import { PasswordField } from "@/ui/password-field";
import classes from "./connect.module.css";

/** In the order in which Meta's pages show them. */
const IDS = ["phoneNumberId", "businessAccountId"] as const;
const SECRETS = ["accessToken", "appSecret"] as const;
const FIELDS = [...IDS, ...SECRETS, "verifyToken"] as const;

/** Where Meta lists the apps of whoever is logged in there. */
const APPS = "https://developers.facebook.com/apps/";

interface FieldsProps {
  error: ApiError | null;
  /** Instead of those that the account has: no next step tells what to enter at Meta. */
  again?: boolean;
}

/** What Meta's Cloud API needs, each with the place where Meta shows it. A field that was refused says why. */
export function CloudApiFields({ error, again = false }: FieldsProps) {
  const { t } = useI18n();
  const about = (name: (typeof FIELDS)[number]) => ({
    name,
    label: t(`accounts.${name}`),
    description: t(`accounts.${name}Where`),
    error: isRefused(name, error) && <Refused field={name} error={error} />,
    // Password fields do not say it by themselves.
    "aria-invalid": isRefused(name, error) || undefined,
    required: true,
    withAsterisk: false,
  });
  return (
    <section className={classes.cloud} aria-label={t("accounts.cloudTitle")}>
      <div>
        <Text fw={600}>{t("accounts.cloudTitle")}</Text>
        <Text size="sm" c="dimmed">
          {t("accounts.cloudHint")}
          <Anchor
            href={APPS}
            target="_blank"
            rel="noreferrer"
            underline="always"
            size="sm"
            display="block"
            w="fit-content"
          >
            {t("accounts.cloudOpen")}
          </Anchor>
        </Text>
      </div>
      <div className={classes.ids}>
        {IDS.map((name) => (
          <TextInput key={name} {...about(name)} inputMode="numeric" autoComplete="off" />
        ))}
      </div>
      {SECRETS.map((name) => (
        <PasswordField key={name} {...about(name)} autoComplete="off" />
      ))}
      <VerifyToken
        {...about("verifyToken")}
        description={t(again ? "accounts.verifyTokenAgain" : "accounts.verifyTokenWhere")}
      />
    </section>
  );
}

/** Thought up here: Meta takes whatever both sides were told. */
function VerifyToken(props: { name: string; label: string; description: string; error: ReactNode }) {
  const { t } = useI18n();
  const [token, setToken] = useState(newToken);
  return (
    <div className={classes.verify}>
      <TextInput
        {...props}
        value={token}
        onChange={(event) => setToken(event.currentTarget.value)}
        autoComplete="off"
        spellCheck={false}
        required
        withAsterisk={false}
        rightSection={<CopyButton text={token} label={t("accounts.copyVerifyToken")} />}
      />
      <Button
        variant="subtle"
        size="compact-sm"
        w="fit-content"
        leftSection={<IconRefresh size={14} aria-hidden="true" />}
        onClick={() => setToken(newToken())}
      >
        {t("accounts.anotherVerifyToken")}
      </Button>
    </div>
  );
}

/** 128 bits, as Meta's form takes them. */
function newToken(): string {
  const bytes = [...crypto.getRandomValues(new Uint8Array(16))];
  return bytes.map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What a form with these fields says. */
export function cloudApiIn(form: FormData): CloudApiInput {
  const field = (name: (typeof FIELDS)[number]) => String(form.get(name) ?? "").trim();
  return {
    phoneNumberId: field("phoneNumberId"),
    businessAccountId: field("businessAccountId"),
    accessToken: field("accessToken"),
    appSecret: field("appSecret"),
    verifyToken: field("verifyToken"),
  };
}

/** What is wrong with a field, in plain words; below it the server's own sentence, which tells what Meta said. */
export function Refused({ field, error }: { field: "phone" | (typeof FIELDS)[number]; error: ApiError }) {
  const { t } = useI18n();
  const labels = new Map<string, string>(
    ["phone" as const, ...FIELDS].map((name) => [name, t(`accounts.${name}`)]),
  );
  const sentence = error.message.replace(/`(\w+)`/g, (name, inside) => {
    const label = labels.get(inside);
    return label ? `“${label}”` : name;
  });
  return (
    <>
      {t(`accounts.${field}Wrong`)}
      <span className={classes.detail} lang="en">
        {sentence}
      </span>
    </>
  );
}

/** Whether the server refused what stands in this field. */
export function isRefused(name: string, error: ApiError | null): error is ApiError {
  return error?.code === "BAD_INPUT" && error.field === name;
}

/** Whether the refusal stands beside one of the fields already. */
export function isFieldOf(error: ApiError | null, ...others: string[]): boolean {
  return [...FIELDS, ...others].some((name) => isRefused(name, error));
}
