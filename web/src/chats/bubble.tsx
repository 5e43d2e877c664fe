import { IconPaperclip } from "@tabler/icons-react";
import type { BubbleFragment } from "@/gql/graphql";
import { useI18n } from "@/i18n";
import { Resend } from "@/messages/resend";
import { Link } from "@/ui/link";
import { STATUS_LOOKS } from "@/ui/states";
import classes from "./page.module.css";

/** One message as its recipient sees it, and below it what became of it, in words too. */
export function Bubble({ workspaceId, message }: { workspaceId: string; message: BubbleFragment }) {
  const { t } = useI18n();
  const { status, failure, waitingFor, text, textErased, fileName, fileUrl } = message;
  return (
    <li className={classes.line} data-status={status}>
      <div className={classes.bubble}>
        {fileUrl && (
          <span className={classes.file}>
            <IconPaperclip size={15} aria-hidden="true" /> {fileName ?? fileUrl}
          </span>
        )}
        {(text || textErased) && <p className={classes.text}>{textErased ? t("messages.erased") : text}</p>}
      </div>
      <Fate workspaceId={workspaceId} message={message} />
      {failure && <p className={classes.why}>{t(`enums.FailureReason.${failure}.label`)}</p>}
      {waitingFor && waitingFor !== "ITS_TURN" && (
        <p className={classes.waits}>{t(`enums.WaitReason.${waitingFor}.label`)}</p>
      )}
      {status === "FAILED" && !textErased && <Resend workspaceId={workspaceId} {...message} compact />}
    </li>
  );
}

function Fate({ workspaceId, message }: { workspaceId: string; message: BubbleFragment }) {
  const { t, format } = useI18n();
  const { icon: Icon, tone } = STATUS_LOOKS[message.status];
  return (
    <Link
      to="/w/$workspaceId/messages/$messageId"
      params={{ workspaceId, messageId: message.id }}
      className={classes.fate}
      data-tone={tone}
    >
      <time dateTime={message.createdAt} title={format.exact(message.createdAt)}>
        {format.time(message.createdAt)}
      </time>
      <Icon size={14} stroke={2.2} aria-hidden="true" />
      {t(`enums.MessageStatus.${message.status}`)}
    </Link>
  );
}
