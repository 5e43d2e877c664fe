import { Anchor } from "@mantine/core";
import { useI18n } from "@/i18n";
import { CopyButton } from "@/ui/copy";
import classes from "./connect.module.css";

interface Props {
  callbackUrl: string;
  /** Known only to who has just entered it; nobody shows it again. */
  verifyToken?: string;
}

/** What is left to do at Meta, so that it tells us what becomes of messages, and what people answer. */
export function MetaSteps({ callbackUrl, verifyToken }: Props) {
  const { t } = useI18n();
  return (
    <ol className={classes.steps}>
      <li>{t("accounts.metaStep1")}</li>
      <li>
        {t("accounts.metaStep2")}
        <Given name={t("accounts.callbackUrl")} value={callbackUrl} />
        {verifyToken ? (
          <Given name={t("accounts.verifyToken")} value={verifyToken} />
        ) : (
          <p className={classes.hint}>{t("accounts.verifyTokenKept")}</p>
        )}
      </li>
      <li>{t("accounts.metaStep3")}</li>
    </ol>
  );
}

function Given({ name, value }: { name: string; value: string }) {
  const { t } = useI18n();
  return (
    <div className={classes.given}>
      <span className={classes.hint}>{name}</span>
      <code>{value}</code>
      <CopyButton text={value} label={t("accounts.copyOf", { name })} />
    </div>
  );
}

/** Where these steps are explained by Meta itself. */
export function MetaHelp() {
  const { t } = useI18n();
  return (
    <Anchor
      href="https://developers.facebook.com/docs/whatsapp/cloud-api/guides/set-up-webhooks"
      target="_blank"
      rel="noreferrer"
      underline="always"
      size="sm"
    >
      {t("accounts.metaHelp")}
    </Anchor>
  );
}
