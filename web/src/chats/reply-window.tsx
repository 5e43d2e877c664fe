import { IconClockCheck, IconClockOff } from "@tabler/icons-react";
import { useI18n } from "@/i18n";
import { Link } from "@/ui/link";
import { Around, ExactTime, useNow } from "@/ui/time";
import type { FullChat } from "./page";
import classes from "./page.module.css";

interface Props {
  workspaceId: string;
  chat: FullChat;
}

/** Whether Meta takes free text now, and what to do where it does not. Nothing for other ways to WhatsApp. */
export function ReplyWindow({ workspaceId, chat }: Props) {
  const now = useNow();
  const { account, kind, replyWindowEndsAt } = chat;
  if (account.gateway !== "CLOUD_API" || kind === "GROUP") return null;
  if (replyWindowEndsAt && Date.parse(replyWindowEndsAt) > now) return <Open until={replyWindowEndsAt} />;
  return <Closed workspaceId={workspaceId} chat={chat} />;
}

function Open({ until }: { until: string }) {
  const { t } = useI18n();
  return (
    <p className={classes.window} data-open>
      <IconClockCheck size={16} aria-hidden="true" />
      <span>
        <Around say={(when) => t("chats.windowOpen", { when })}>
          <ExactTime at={until} />
        </Around>
      </span>
    </p>
  );
}

function Closed({ workspaceId, chat: { account, replyWindowEndsAt } }: Props) {
  const { t } = useI18n();
  const { template } = account;
  return (
    <p className={classes.window}>
      <IconClockOff size={16} aria-hidden="true" />
      <span>
        <strong>{t(replyWindowEndsAt ? "chats.windowClosed" : "chats.windowNever")}</strong>{" "}
        {template ? t("chats.windowTemplate", { name: template.name }) : t("chats.windowFails")}{" "}
        {!template && (
          <Link to="/w/$workspaceId/accounts/$accountId" params={{ workspaceId, accountId: account.id }}>
            {t("chats.windowSet")}
          </Link>
        )}
      </span>
    </p>
  );
}
