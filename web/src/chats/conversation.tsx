import { Button, Loader } from "@mantine/core";
import { IconMessage2 } from "@tabler/icons-react";
import { type InfiniteData, useQueryClient } from "@tanstack/react-query";
import { type RefObject, useEffect, useRef } from "react";
import { useLive } from "@/api/live";
import { keyOf, useAskMore, useReread } from "@/api/query";
import type { BubbleChangedSubscription, BubbleFragment, ConversationQuery } from "@/gql/graphql";
import { useI18n } from "@/i18n";
import { Bones, Empty, Failed } from "@/ui/shown";
import { Bubble } from "./bubble";
import { BUBBLE_CHANGED, CONVERSATION } from "./documents";
import classes from "./page.module.css";

interface Which {
  workspaceId: string;
  chatId: string;
}

/** What was sent in a chat, newest at the bottom; older ones come as one scrolls up. */
export function Conversation({ workspaceId, chatId, takes }: Which & { takes: boolean }) {
  const { t } = useI18n();
  const list = useConversation(workspaceId, chatId);
  const scroller = useRef<HTMLDivElement>(null);
  if (list.isPending) return <Bones rows={5} height={58} />;
  if (list.error && list.rows.length === 0)
    return <Failed error={list.error} retry={() => void list.refetch()} />;
  return (
    <div
      ref={scroller}
      className={classes.scroller}
      data-empty={list.rows.length === 0 || undefined}
      role="log"
      aria-label={t("chats.log")}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
    >
      {list.rows.length === 0 ? (
        <Empty icon={IconMessage2} title={t("chats.noMessages")} hint={takes && t("chats.noMessagesHint")} />
      ) : (
        <div>
          <Older list={list} scroller={scroller} />
          <Days workspaceId={workspaceId} messages={[...list.rows].reverse()} />
        </div>
      )}
    </div>
  );
}

function useConversation(workspaceId: string, chatId: string) {
  const variables = { workspaceId, chatId };
  const queries = useQueryClient();
  const list = useAskMore(CONVERSATION, variables, (data) => data.workspace?.chat?.messages);
  const again = useReread(CONVERSATION, variables);
  const show = ({ messageChanged }: BubbleChangedSubscription) => {
    queries.setQueryData<InfiniteData<ConversationQuery>>(
      keyOf(CONVERSATION, variables),
      (data) => data && withMessage(data, messageChanged),
    );
    // What is being asked just now may be answered with what was before this.
    if (list.isFetching) again();
  };
  useLive(BUBBLE_CHANGED, variables, show, again);
  return list;
}

/** The pages with one message replaced, or put before all others where it is newer. */
export function withMessage(
  data: InfiniteData<ConversationQuery>,
  message: BubbleFragment,
): InfiniteData<ConversationQuery> {
  const known = data.pages.some((page) => nodesOf(page).some(({ id }) => id === message.id));
  const newest = data.pages[0] && nodesOf(data.pages[0])[0];
  const isNew = !known && (!newest || newest.createdAt <= message.createdAt);
  const pages = data.pages.map((page, index) => {
    const nodes = nodesOf(page).map((old) => (old.id === message.id ? message : old));
    return withNodes(page, isNew && index === 0 ? [message, ...nodes] : nodes);
  });
  return { ...data, pages };
}

function nodesOf(page: ConversationQuery): BubbleFragment[] {
  return page.workspace?.chat?.messages.nodes ?? [];
}

function withNodes(page: ConversationQuery, nodes: BubbleFragment[]): ConversationQuery {
  const { workspace } = page;
  if (!workspace?.chat) return page;
  const messages = { ...workspace.chat.messages, nodes };
  return { ...page, workspace: { ...workspace, chat: { ...workspace.chat, messages } } };
}

interface OlderProps {
  list: ReturnType<typeof useConversation>;
  scroller: RefObject<HTMLDivElement | null>;
}

/** The top of what is shown: reads more as it comes into sight, or by its button. */
function Older({ list, scroller }: OlderProps) {
  const { t } = useI18n();
  const mark = useRef<HTMLDivElement>(null);
  const load = useRef<() => void>(undefined);
  load.current = () => {
    if (list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage();
  };
  useEffect(() => {
    if (!mark.current) return;
    const seen = new IntersectionObserver(
      ([entry]) => {
        if (entry?.isIntersecting) load.current?.();
      },
      { root: scroller.current, rootMargin: "300px 0px 0px" },
    );
    seen.observe(mark.current);
    return () => seen.disconnect();
  }, [scroller]);
  return (
    <div ref={mark} className={classes.older}>
      {list.isFetchingNextPage && <Loader size="xs" aria-label={t("common.loading")} />}
      {list.hasNextPage && !list.isFetchingNextPage && (
        <Button variant="subtle" size="compact-sm" onClick={() => void list.fetchNextPage()}>
          {t("chats.older")}
        </Button>
      )}
      {!list.hasNextPage && t("chats.beginning")}
    </div>
  );
}

function Days({ workspaceId, messages }: { workspaceId: string; messages: BubbleFragment[] }) {
  const { t, format } = useI18n();
  const days = byDay(messages);
  return days.map(({ day, messages }) => (
    <section key={day} aria-label={format.day(day)}>
      <div className={classes.day} aria-hidden="true">
        <span>{format.day(day)}</span>
      </div>
      <ol className={classes.bubbles} aria-label={t("messages.title")}>
        {messages.map((message) => (
          <Bubble key={message.id} workspaceId={workspaceId} message={message} />
        ))}
      </ol>
    </section>
  ));
}

/** Messages that follow each other on one local day; `day` is the first one's time. */
function byDay(messages: BubbleFragment[]): { day: string; messages: BubbleFragment[] }[] {
  const days: { day: string; messages: BubbleFragment[] }[] = [];
  for (const message of messages) {
    const last = days.at(-1);
    if (last && isSameDay(last.day, message.createdAt)) last.messages.push(message);
    else days.push({ day: message.createdAt, messages: [message] });
  }
  return days;
}

function isSameDay(one: string, other: string): boolean {
  return new Date(one).toDateString() === new Date(other).toDateString();
}
