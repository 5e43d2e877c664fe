import { Lane } from "@/accounts/lane";
import { NoAccounts } from "@/accounts/no-accounts";
import { Outlook } from "@/accounts/outlook";
import { type Beat, sends } from "@/accounts/rhythm";
import type { AccountCardFragment } from "@/gql/graphql";
import { useI18n } from "@/i18n";
import { Link } from "@/ui/link";
import { Panel } from "@/ui/page";
import { AccountBadge } from "@/ui/states";
import classes from "./page.module.css";

interface Props {
  workspaceId: string;
  accounts: AccountCardFragment[];
  /** How many there are in all. */
  total: number;
  beats: ReadonlyMap<string, Beat[]>;
}

/** Each account's rhythm, and how far its queue reaches. */
export function Lanes({ workspaceId, accounts, total, beats }: Props) {
  const { t } = useI18n();
  return (
    <Panel title={t("overview.lanes")} hint={accounts.length > 0 ? t("overview.lanesHint") : undefined} flush>
      {accounts.length === 0 && <NoAccounts workspaceId={workspaceId} />}
      <ul className={classes.lanes}>
        {accounts.map((account) => (
          <li key={account.id} className={classes.lane}>
            <div className={classes.who}>
              <Link to="/w/$workspaceId/accounts/$accountId" params={{ workspaceId, accountId: account.id }}>
                {account.name ?? account.phone}
              </Link>
              <AccountBadge state={account.state} />
            </div>
            <Lane account={account} beats={beats.get(account.id) ?? []} />
            <div className={classes.outlook}>
              <strong>
                {account.queued > 0
                  ? t("accounts.waiting", { count: account.queued })
                  : t("accounts.nothingWaits")}
              </strong>
              {sends(account) ? (
                <Outlook account={account} />
              ) : (
                <Link
                  to="/w/$workspaceId/accounts/$accountId"
                  params={{ workspaceId, accountId: account.id }}
                  className={classes.silent}
                >
                  {t(account.state === "PAUSED" ? "overview.silentPaused" : "overview.silent")}
                </Link>
              )}
            </div>
          </li>
        ))}
      </ul>
      {total > accounts.length && (
        <p className={classes.all}>
          <Link to="/w/$workspaceId/accounts" params={{ workspaceId }}>
            {t("overview.allAccounts", { count: total })}
          </Link>
        </p>
      )}
    </Panel>
  );
}
