import { Button, MultiSelect } from "@mantine/core";
import { IconMessages, IconX } from "@tabler/icons-react";
import { type InfiniteData, useQueryClient } from "@tanstack/react-query";
import { useLive, useThrottled } from "@/api/live";
import { keyOf, useAsk, useAskMore } from "@/api/query";
import type {
  MessageChangedSubscription,
  MessageRowFragment,
  MessageStatus,
  MessagesQuery,
} from "@/gql/graphql";
import { useI18n } from "@/i18n";
import { FROM_LIST } from "@/ui/back-to-list";
import { DayFields, span } from "@/ui/days";
import { EndlessTable } from "@/ui/endless";
import { ClearFilters, COUNTED, FilterBar, type Filtered, NothingFits, SearchField } from "@/ui/filters";
import { Fresh } from "@/ui/fresh";
import { Link } from "@/ui/link";
import { Page, Panel } from "@/ui/page";
import { Empty } from "@/ui/shown";
import { StatusBadge } from "@/ui/states";
import type { Column } from "@/ui/table";
import { Time } from "@/ui/time";
import { AccountFilter } from "./account-filter";
import { CancelWaiting } from "./cancel-waiting";
import { Content } from "./content";
import { CHAT_NAME, MESSAGE_CHANGED, MESSAGES } from "./documents";
import { FailureFilter } from "./failure-filter";
import { isFiltered, type MessageFilters, STATUSES } from "./filters";
import classes from "./list.module.css";
import { ToTryIt } from "./to-try-it";

/** New messages are read at most this often, in milliseconds. */
const CALM = 700;

type Props = Filtered<MessageFilters>;

export function MessageList(props: Props) {
  const { t } = useI18n();
  const { workspaceId, filters } = props;
  const list = useMessages(workspaceId, filters);
  const columns = useColumns(workspaceId);
  return (
    <Page title={t("messages.title")} hint={t("messages.hint")}>
      <Panel flush>
        <Filters {...props} total={list.total} />
        <Fresh list={list}>{t("messages.fresh", { count: list.fresh })}</Fresh>
        <EndlessTable
          label={t("messages.title")}
          columns={columns}
          list={list}
          nothing={<Nothing {...props} />}
        />
      </Panel>
    </Page>
  );
}

function useMessages(workspaceId: string, { q, status, failure, account, chat, from, to }: MessageFilters) {
  const variables = {
    workspaceId,
    search: q,
    statuses: status,
    failures: failure,
    accountId: account,
    chatId: chat,
    ...span({ from, to }),
  };
  const list = useAskMore(MESSAGES, variables, (data) => data.workspace?.messages);
  const queries = useQueryClient();
  const reread = useThrottled(list.renew, CALM);
  const show = ({ messageChanged }: MessageChangedSubscription) => {
    queries.setQueriesData<InfiniteData<MessagesQuery>>(
      { queryKey: keyOf(MESSAGES) },
      (data) => data && withRow(data, messageChanged),
    );
    reread();
  };
  useLive(MESSAGE_CHANGED, { workspaceId, accountId: account, chatId: chat }, show, reread);
  return list;
}

/** The pages with one row replaced, where they have it. */
function withRow(data: InfiniteData<MessagesQuery>, row: MessageRowFragment): InfiniteData<MessagesQuery> {
  const pages = data.pages.map((page) => {
    const nodes = page.workspace?.messages.nodes;
    if (!page.workspace || !nodes?.some(({ id }) => id === row.id)) return page;
    const messages = {
      ...page.workspace.messages,
      nodes: nodes.map((old) => (old.id === row.id ? row : old)),
    };
    return { ...page, workspace: { ...page.workspace, messages } };
  });
  return { ...data, pages };
}

function useColumns(workspaceId: string): Column<MessageRowFragment>[] {
  const { t } = useI18n();
  return [
    {
      key: "recipient",
      header: t("messages.recipient"),
      width: "minmax(150px, 1fr)",
      phone: "title",
      cell: ({ id, chat, recipient }) => (
        <Link
          to="/w/$workspaceId/messages/$messageId"
          params={{ workspaceId, messageId: id }}
          state={FROM_LIST}
          data-row-link
          title={recipient}
        >
          {chat?.name ?? recipient}
        </Link>
      ),
    },
    {
      key: "text",
      header: t("messages.text"),
      width: "minmax(0, 2.4fr)",
      phone: "line",
      cell: (message) => <Content message={message} />,
    },
    {
      key: "account",
      header: t("messages.account"),
      width: "minmax(0, 1fr)",
      phone: "hidden",
      cell: ({ account }) => account.name ?? account.phone,
    },
    {
      key: "when",
      header: t("messages.when"),
      width: "110px",
      phone: "aside",
      cell: ({ createdAt }) => <Time at={createdAt} />,
    },
    {
      key: "status",
      header: t("messages.status"),
      width: "120px",
      phone: "line",
      cell: ({ status, account }) => (
        <span className={classes.status}>
          <StatusBadge status={status} />
          <span className={classes.sender}>{account.name ?? account.phone}</span>
        </span>
      ),
    },
  ];
}

function Filters({ workspaceId, filters, onFilter, onClear, total }: Props & { total: number | undefined }) {
  const { t } = useI18n();
  const count =
    total === undefined
      ? null
      : total >= COUNTED
        ? t("messages.foundMany", { count: COUNTED })
        : t("messages.found", { count: total });
  return (
    <FilterBar count={count}>
      <SearchField
        label={t("messages.searchIn")}
        value={filters.q ?? ""}
        onChange={(q) => onFilter({ q: q || undefined })}
      />
      <Statuses
        chosen={filters.status}
        onChange={(status) => onFilter({ status, ...(isFailed({ status }) ? {} : { failure: undefined }) })}
      />
      {isFailed(filters) && (
        <FailureFilter failure={filters.failure} onChange={(failure) => onFilter({ failure })} />
      )}
      <AccountFilter
        workspaceId={workspaceId}
        account={filters.account}
        onChange={(account) => onFilter({ account })}
      />
      <DayFields days={filters} onChange={onFilter} />
      {filters.chat && (
        <OfChat workspaceId={workspaceId} chat={filters.chat} onOff={() => onFilter({ chat: undefined })} />
      )}
      {isFiltered(filters) && <ClearFilters onClear={onClear} />}
      {isQueue(filters) && total !== undefined && total > 0 && (
        <CancelWaiting workspaceId={workspaceId} accountId={filters.account} />
      )}
    </FilterBar>
  );
}

interface StatusesProps {
  chosen: MessageStatus[] | undefined;
  onChange: (chosen: MessageStatus[] | undefined) => void;
}

/** One is named; several would stand on each other, so their number stands for them. */
function Statuses({ chosen = [], onChange }: StatusesProps) {
  const { t } = useI18n();
  const many = chosen.length > 1;
  return (
    <MultiSelect
      className={classes.statuses}
      classNames={many ? { pill: classes.hidden, inputField: classes.many } : undefined}
      aria-label={t("messages.status")}
      placeholder={placeholder()}
      data={STATUSES.map((value) => ({ value, label: t(`enums.MessageStatus.${value}`) }))}
      value={chosen}
      onChange={(values) => onChange(values.length > 0 ? (values as MessageStatus[]) : undefined)}
    />
  );

  function placeholder(): string | undefined {
    if (many) return t("messages.statuses", { count: chosen.length });
    return chosen.length === 0 ? t("messages.anyStatus") : undefined;
  }
}

/** Whether exactly what failed is shown: it can be told by its reason. */
function isFailed({ status, failure }: Pick<MessageFilters, "status" | "failure">): boolean {
  return failure !== undefined || (status?.length === 1 && status[0] === "FAILED");
}

/** Whether exactly what waits is shown, of one account or of all. */
function isQueue({ status, failure, q, chat, from, to }: MessageFilters): boolean {
  const others = [failure, q, chat, from, to].some((value) => value !== undefined);
  return status?.length === 1 && status[0] === "QUEUED" && !others;
}

/** That only one chat's messages are shown, and the way out of it. */
function OfChat({ workspaceId, chat, onOff }: { workspaceId: string; chat: string; onOff: () => void }) {
  const { t } = useI18n();
  const name = useAsk(CHAT_NAME, { workspaceId, id: chat }).data?.workspace?.chat?.name ?? chat;
  return (
    <Button
      variant="default"
      rightSection={<IconX size={14} aria-hidden="true" />}
      title={t("messages.chatOff")}
      onClick={onOff}
    >
      {t("messages.chatIs", { name })}
    </Button>
  );
}

function Nothing({ workspaceId, filters, onClear }: Props) {
  const { t } = useI18n();
  if (!isFiltered(filters)) {
    return (
      <Empty
        icon={IconMessages}
        title={t("messages.emptyTitle")}
        hint={t("messages.emptyHint")}
        action={<ToTryIt workspaceId={workspaceId} />}
      />
    );
  }
  return <NothingFits hint={t("messages.noneHint")} onClear={onClear} />;
}
