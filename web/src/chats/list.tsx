import { IconAddressBook, IconUser, IconUsersGroup } from "@tabler/icons-react";
import { useLive, useThrottled } from "@/api/live";
import { useAskMore } from "@/api/query";
import type { ChatRowFragment } from "@/gql/graphql";
import { useI18n } from "@/i18n";
import { AccountFilter } from "@/messages/account-filter";
import { MESSAGE_CHANGED } from "@/messages/documents";
import { ToTryIt } from "@/messages/to-try-it";
import { FROM_LIST } from "@/ui/back-to-list";
import { EndlessTable } from "@/ui/endless";
import { ClearFilters, COUNTED, FilterBar, type Filtered, NothingFits, SearchField } from "@/ui/filters";
import { Fresh } from "@/ui/fresh";
import { Link } from "@/ui/link";
import { Page, Panel } from "@/ui/page";
import { Empty } from "@/ui/shown";
import type { Column } from "@/ui/table";
import { Time } from "@/ui/time";
import { CHATS } from "./documents";
import type { ChatFilters } from "./filters";
import classes from "./list.module.css";

/** What was used last is read again at most this often, in milliseconds. */
const CALM = 2_000;

type Props = Filtered<ChatFilters>;

/** Every chat, last used first. */
export function ChatList(props: Props) {
  const { t } = useI18n();
  const list = useChats(props.workspaceId, props.filters);
  const columns = useColumns(props.workspaceId);
  return (
    <Page title={t("chats.title")} hint={t("chats.hint")}>
      <Panel flush>
        <Filters {...props} total={list.total} />
        <Fresh list={list}>{t("chats.fresh", { count: list.fresh })}</Fresh>
        <EndlessTable
          label={t("chats.title")}
          columns={columns}
          list={list}
          nothing={<Nothing {...props} />}
        />
      </Panel>
    </Page>
  );
}

function useChats(workspaceId: string, { q, account }: ChatFilters) {
  const variables = { workspaceId, search: q, accountId: account };
  const list = useAskMore(CHATS, variables, (data) => data.workspace?.chats);
  const reread = useThrottled(list.renew, CALM);
  useLive(MESSAGE_CHANGED, { workspaceId, accountId: account }, reread, reread);
  return list;
}

function useColumns(workspaceId: string): Column<ChatRowFragment>[] {
  const { t } = useI18n();
  return [
    {
      key: "name",
      header: t("chats.name"),
      width: "minmax(180px, 1.6fr)",
      phone: "title",
      cell: (chat) => <Name workspaceId={workspaceId} chat={chat} />,
    },
    {
      key: "number",
      header: t("chats.number"),
      width: "minmax(0, 1.2fr)",
      phone: "line",
      cell: ({ kind, name, phone }) =>
        kind === "GROUP" ? (
          <span className={classes.under}>{t("enums.ChatKind.GROUP")}</span>
        ) : (
          // A card's first line says it already.
          <span className={classes.under} data-said={phone === name || undefined}>
            {phone}
          </span>
        ),
    },
    {
      key: "id",
      header: t("chats.id"),
      width: "minmax(0, 110px)",
      phone: "hidden",
      cell: ({ id }) => id,
    },
    {
      key: "account",
      header: t("messages.account"),
      width: "minmax(0, 1fr)",
      phone: "line",
      cell: ({ account }) => <span className={classes.under}>{account.name ?? account.phone}</span>,
    },
    {
      key: "used",
      header: t("chats.lastUsed"),
      width: "130px",
      phone: "aside",
      cell: ({ lastMessageAt }) => (lastMessageAt ? <Time at={lastMessageAt} /> : t("chats.never")),
    },
  ];
}

function Name({ workspaceId, chat }: { workspaceId: string; chat: ChatRowFragment }) {
  const Icon = chat.kind === "GROUP" ? IconUsersGroup : IconUser;
  return (
    <span className={classes.name}>
      <span className={classes.kind}>
        <Icon size={15} stroke={1.8} aria-hidden="true" />
      </span>
      <Link
        to="/w/$workspaceId/chats/$chatId"
        params={{ workspaceId, chatId: chat.id }}
        state={FROM_LIST}
        data-row-link
      >
        {chat.name}
      </Link>
    </span>
  );
}

function Filters({ workspaceId, filters, onFilter, onClear, total }: Props & { total: number | undefined }) {
  const { t } = useI18n();
  const found = (count: number) =>
    count >= COUNTED ? t("chats.foundMany", { count: COUNTED }) : t("chats.found", { count });
  return (
    <FilterBar count={total === undefined ? null : found(total)}>
      <SearchField
        label={t("chats.searchIn")}
        value={filters.q ?? ""}
        onChange={(q) => onFilter({ q: q || undefined })}
      />
      <AccountFilter
        workspaceId={workspaceId}
        account={filters.account}
        onChange={(account) => onFilter({ account })}
      />
      {isFiltered(filters) && <ClearFilters onClear={onClear} />}
    </FilterBar>
  );
}

function Nothing({ workspaceId, filters, onClear }: Props) {
  const { t } = useI18n();
  if (!isFiltered(filters))
    return (
      <Empty
        icon={IconAddressBook}
        title={t("chats.emptyTitle")}
        hint={t("chats.emptyHint")}
        action={<ToTryIt workspaceId={workspaceId} />}
      />
    );
  return <NothingFits hint={t("chats.noneHint")} onClear={onClear} />;
}

function isFiltered({ q, account }: ChatFilters): boolean {
  return q !== undefined || account !== undefined;
}
