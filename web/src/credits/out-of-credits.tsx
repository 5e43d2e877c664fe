import { useI18n } from "@/i18n";
import { CopyButton } from "@/ui/copy";
import classes from "./page.module.css";

/** Whom to ask for credits, and what to tell them. */
export function OutOfCredits({ workspaceId }: { workspaceId: string }) {
  const { t } = useI18n();
  return (
    <span>
      {t("credits.ask")}{" "}
      <span className={classes.id}>
        {t("people.workspaceId")}: <code>{workspaceId}</code>
        <CopyButton text={workspaceId} label={t("credits.copyId")} />
      </span>
    </span>
  );
}
