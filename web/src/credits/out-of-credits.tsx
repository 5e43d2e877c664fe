import { IconCoins } from "@tabler/icons-react";
import { useI18n } from "@/i18n";
import { CopyButton } from "@/ui/copy";
import classes from "./out-of-credits.module.css";

/** Whom to ask for credits, since nothing here gives any, and what to tell them. */
export function OutOfCredits({ workspaceId, title }: { workspaceId: string; title: string }) {
  const { t } = useI18n();
  return (
    <section className={classes.notice} aria-label={title}>
      <IconCoins size={18} aria-hidden="true" />
      <div>
        <strong>{title}</strong>
        <p>{t("credits.ask")}</p>
        <p>{t("people.workspaceId")}:</p>
        <div className={classes.id}>
          <code>{workspaceId}</code>
          <CopyButton text={workspaceId} label={t("credits.copyId")} />
        </div>
      </div>
    </section>
  );
}
