import { Alert } from "@mantine/core";
import { IconCheck, IconPlugConnectedX, IconX } from "@tabler/icons-react";
import { useI18n } from "@/i18n";
import { History } from "@/messages/history";
import { useMessage } from "@/messages/use-message";
import { Why } from "@/messages/why";
import { Badge } from "@/ui/badge";
import { Link } from "@/ui/link";
import { Panel } from "@/ui/page";
import { Bones, Shown } from "@/ui/shown";
import { StatusBadge } from "@/ui/states";
import { Body } from "./body";
import classes from "./try-it.module.css";

/** What became of a call from the browser. */
export type Answered =
  | { kind: "answer"; status: number; body: string; took: number; messageId: string | undefined }
  | { kind: "elsewhere"; here: string; there: string }
  | { kind: "unreachable" };

export function Answer({ workspaceId, answered }: { workspaceId: string; answered: Answered }) {
  const { t } = useI18n();
  if (answered.kind !== "answer") {
    const { here, there } = answered.kind === "elsewhere" ? answered : { here: "", there: "" };
    return (
      <Alert role="alert" color="yellow" icon={<IconPlugConnectedX size={18} />}>
        {answered.kind === "elsewhere"
          ? t("webhook.cannotOrigin", { here, there })
          : t("webhook.cannotReach")}
      </Alert>
    );
  }
  const { status, body, took, messageId } = answered;
  const good = status === 200;
  return (
    <>
      <Panel title={t("webhook.answered")}>
        <div className={classes.answer} role="status">
          <div className={classes.line}>
            <Badge tone={good ? "good" : "bad"} icon={good ? IconCheck : IconX}>
              HTTP {status}
            </Badge>
            <span className={classes.hint}>{t("webhook.answerIn", { count: took })}</span>
          </div>
          <Body text={body} label={t("webhook.answered")} />
        </div>
      </Panel>
      {messageId && <Followed key={messageId} workspaceId={workspaceId} id={messageId} />}
    </>
  );
}

/** A message, live, until nothing more happens to it. */
function Followed({ workspaceId, id }: { workspaceId: string; id: string }) {
  const { t } = useI18n();
  const query = useMessage(workspaceId, id);
  return (
    <Panel title={t("webhook.following")}>
      <Shown query={query} bones={<Bones rows={2} />}>
        {({ workspace }) =>
          workspace?.message && (
            <div className={classes.answer} aria-live="polite">
              <div className={classes.line}>
                <StatusBadge status={workspace.message.status} />
                <Link
                  to="/w/$workspaceId/messages/$messageId"
                  params={{ workspaceId, messageId: id }}
                  className={classes.aside}
                >
                  {t("webhook.openMessage")}
                </Link>
              </div>
              <Why message={workspace.message} />
              <History steps={workspace.message.history} told={workspace.message.failureDetail} />
            </div>
          )
        }
      </Shown>
    </Panel>
  );
}
