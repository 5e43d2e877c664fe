import { useLive, useThrottled } from "@/api/live";
import { useAskMore } from "@/api/query";
import type { AccountCardFragment } from "@/gql/graphql";
import { useI18n } from "@/i18n";
import { FROM_LIST } from "@/ui/back-to-list";
import { EndlessTable } from "@/ui/endless";
import { FilterBar, SearchField } from "@/ui/filters";
import { Link } from "@/ui/link";
import { Page, Panel } from "@/ui/page";
import { Bones, Empty } from "@/ui/shown";
import { AccountBadge } from "@/ui/states";
import type { Column } from "@/ui/table";
import { ConnectButton } from "./connect-button";
import { DefaultBadge } from "./default-badge";
import { ACCOUNT_CHANGED, ACCOUNTS, BEAT } from "./documents";
import classes from "./list.module.css";
import { NoAccounts } from "./no-accounts";
import { Soon } from "./outlook";
import { perHour } from "./rhythm";

/** Changes are read at most this often, in milliseconds. */
const CALM = 700;
/** Queues are read at most this often while messages leave, in milliseconds. */
const BETWEEN_BEATS = 2_000;

interface Props {
  workspaceId: string;
  search: string | undefined;
  onSearch: (search: string | undefined) => void;
}

export function AccountList({ workspaceId, search, onSearch }: Props) {
  const { t } = useI18n();
  const list = useAskMore(ACCOUNTS, { workspaceId, search }, (data) => data.workspace?.accounts);
  useLive(ACCOUNT_CHANGED, { workspaceId }, useThrottled(list.renew, CALM));
  useLive(BEAT, { workspaceId }, useThrottled(list.renew, BETWEEN_BEATS));
  const columns = useColumns(workspaceId);
  const none = list.isSuccess && list.rows.length === 0;
  return (
    <Page
      title={t("accounts.title")}
      hint={t("accounts.hint")}
      actions={
        !(none && !search) && <ConnectButton workspaceId={workspaceId} label={t("accounts.connect")} />
      }
    >
      <Panel flush>
        {(search || list.rows.length > 8) && (
          <FilterBar>
            <SearchField
              label={t("accounts.search")}
              value={search ?? ""}
              onChange={(q) => onSearch(q || undefined)}
            />
          </FilterBar>
        )}
        <EndlessTable
          label={t("accounts.title")}
          columns={columns}
          list={list}
          bones={<Bones rows={3} />}
          short
          nothing={
            search ? <Empty title={t("messages.noneTitle")} /> : <NoAccounts workspaceId={workspaceId} />
          }
        />
      </Panel>
    </Page>
  );
}

function useColumns(workspaceId: string): Column<AccountCardFragment>[] {
  const { t, format } = useI18n();
  return [
    {
      key: "name",
      header: t("accounts.name"),
      width: "minmax(0, 1.8fr)",
      phone: "title",
      cell: ({ id, name, phone, isDefault }) => (
        <span className={classes.name}>
          <Link
            to="/w/$workspaceId/accounts/$accountId"
            params={{ workspaceId, accountId: id }}
            state={FROM_LIST}
            data-row-link
          >
            {name ?? phone}
          </Link>
          {isDefault && <DefaultBadge />}
        </span>
      ),
    },
    {
      key: "phone",
      header: t("accounts.phone"),
      width: "minmax(130px, 1fr)",
      phone: "line",
      cell: ({ phone }) => phone,
    },
    {
      key: "state",
      header: t("accounts.state"),
      width: "140px",
      phone: "line",
      cell: ({ state }) => <AccountBadge state={state} />,
    },
    {
      key: "pace",
      header: t("accounts.pace"),
      width: "minmax(0, 1.2fr)",
      phone: "hidden",
      wide: true,
      cell: ({ pace }) => t("accounts.hourly", { count: perHour(pace) }),
    },
    {
      key: "next",
      header: t("accounts.next"),
      width: "100px",
      phone: "hidden",
      wide: true,
      cell: ({ nextSendAt }) => (nextSendAt ? <Soon at={nextSendAt} /> : "–"),
    },
    {
      key: "queue",
      header: t("accounts.queue"),
      width: "80px",
      phone: "aside",
      end: true,
      cell: ({ queued }) => (
        <>
          <span className={classes.count}>{format.number(queued)}</span>
          <span className={classes.words}>
            {queued > 0 ? t("accounts.waiting", { count: queued }) : t("accounts.empty")}
          </span>
        </>
      ),
    },
  ];
}
