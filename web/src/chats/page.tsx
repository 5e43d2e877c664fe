import { Group } from "@mantine/core";
import { ACCOUNT_CHANGED } from "@/accounts/documents";
import { useLive, useThrottled } from "@/api/live";
import { useAsk, useReread } from "@/api/query";
import type { ChatQuery } from "@/gql/graphql";
import { useI18n } from "@/i18n";
import { AccountLink } from "@/ui/account-link";
import { BackToList } from "@/ui/back-to-list";
import { CopyButton } from "@/ui/copy";
import { Gone, isGone } from "@/ui/gone";
import { Link } from "@/ui/link";
import { Back, Facts, Page, Panel } from "@/ui/page";
import { Shown } from "@/ui/shown";
import { AccountBadge } from "@/ui/states";
import { ExactTime, Time } from "@/ui/time";
import { AccountNotice, isRefusing } from "./account-notice";
import { Composer } from "./composer";
import { Conversation } from "./conversation";
import { BUBBLE_CHANGED, CHAT } from "./documents";
import classes from "./page.module.css";
import { Rename } from "./rename";
import { ReplyWindow } from "./reply-window";

export type FullChat = NonNullable<NonNullable<ChatQuery["workspace"]>["chat"]>;

/** When a chat was used last is read again at most this often, in milliseconds. */
const CALM = 2_000;

interface Which {
  workspaceId: string;
  chatId: string;
}

export function ChatPage({ workspaceId, chatId }: Which) {
  const { t } = useI18n();
  const query = useAsk(CHAT, { workspaceId, id: chatId });
  const again = useThrottled(useReread(CHAT, { workspaceId, id: chatId }), CALM);
  useLive(BUBBLE_CHANGED, { workspaceId, chatId }, again);
  useLive(ACCOUNT_CHANGED, { workspaceId }, again);
  if (isGone(query)) {
    return (
      <Gone
        title={t("chats.goneTitle")}
        hint={t("chats.goneHint")}
        back={
          <Back to="/w/$workspaceId/chats" params={{ workspaceId }}>
            {t("chats.back")}
          </Back>
        }
      />
    );
  }
  return (
    <Shown query={query}>
      {({ workspace }) =>
        workspace?.chat && <Found key={chatId} workspaceId={workspaceId} chat={workspace.chat} />
      }
    </Shown>
  );
}

function Found({ workspaceId, chat }: { workspaceId: string; chat: FullChat }) {
  const { t } = useI18n();
  const takes = !isRefusing(chat.account.state);
  return (
    <Page
      title={chat.name}
      back={
        <BackToList to="/w/$workspaceId/chats" params={{ workspaceId }}>
          {t("chats.back")}
        </BackToList>
      }
      hint={t("chats.sentOnly")}
      actions={<Rename chat={chat} />}
    >
      <div className={classes.columns}>
        <section className={classes.talk} aria-label={t("chats.conversation")}>
          <Conversation workspaceId={workspaceId} chatId={chat.id} takes={takes} />
          {takes && <ReplyWindow workspaceId={workspaceId} chat={chat} />}
          <AccountNotice workspaceId={workspaceId} account={chat.account} />
          {takes && <Composer workspaceId={workspaceId} chatId={chat.id} />}
        </section>
        <Panel title={t("messages.details")}>
          <Details workspaceId={workspaceId} chat={chat} />
        </Panel>
      </div>
    </Page>
  );
}

function Details({ workspaceId, chat }: { workspaceId: string; chat: FullChat }) {
  const { t } = useI18n();
  const { account, lastMessageAt, lastIncomingAt, replyWindowEndsAt } = chat;
  return (
    <Facts
      of={[
        [t("chats.kind"), t(`enums.ChatKind.${chat.kind}`)],
        [t("chats.number"), chat.phone && <Copyable text={chat.phone} />],
        [t("chats.id"), <Copyable key="id" text={chat.id} label={t("chats.copyId")} />],
        [t("chats.jid"), <Copyable key="jid" text={chat.jid} />],
        [
          t("messages.account"),
          <Group key="account" gap={8}>
            <AccountLink workspaceId={workspaceId} account={account} />
            <AccountBadge state={account.state} />
          </Group>,
        ],
        [t("chats.lastUsed"), <Used key="used" at={lastMessageAt} />],
        [t("chats.lastIncoming"), lastIncomingAt && <Time at={lastIncomingAt} />],
        [t("chats.replyWindow"), replyWindowEndsAt && <ExactTime at={replyWindowEndsAt} />],
        [
          t("messages.title"),
          <Link
            key="messages"
            to="/w/$workspaceId/messages"
            params={{ workspaceId }}
            search={{ chat: chat.id }}
          >
            {t("chats.asList")}
          </Link>,
        ],
      ]}
    />
  );
}

function Used({ at }: { at?: string | null }) {
  const { t } = useI18n();
  return at ? <Time at={at} /> : t("chats.never");
}

/** Where it is too long, it breaks behind its @. */
function Copyable({ text, label }: { text: string; label?: string }) {
  const [before, after] = text.split("@");
  return (
    <Group gap={4} wrap="nowrap">
      <span className={classes.mono}>
        {before}
        {after !== undefined && (
          <>
            @<wbr />
            {after}
          </>
        )}
      </span>
      <CopyButton text={text} label={label} />
    </Group>
  );
}
