import { IconPlugX } from "@tabler/icons-react";
import type { AccountState } from "@/gql/graphql";
import { useI18n } from "@/i18n";
import { Link } from "@/ui/link";
import type { FullChat } from "./page";
import classes from "./page.module.css";

/** In these states, what one writes now is refused. */
const REFUSED = {
  LOGGED_OUT: "chats.accountOut",
  PAIRING: "chats.accountOut",
  PASSKEY_REQUIRED: "chats.accountOut",
  REMOVED: "chats.accountRemoved",
} as const satisfies Partial<Record<AccountState, string>>;

/** What becomes of what one writes now, by the account's state; those that send are not here. */
const SAID = {
  PAUSED: "chats.accountPaused",
  RECONNECTING: "chats.accountReconnecting",
  BANNED: "chats.accountBanned",
  ...REFUSED,
} as const satisfies Partial<Record<AccountState, string>>;

export function isRefusing(state: AccountState): boolean {
  return state in REFUSED;
}

/** That the account does not send now, above where one writes; nothing where it does. */
export function AccountNotice({
  workspaceId,
  account,
}: {
  workspaceId: string;
  account: FullChat["account"];
}) {
  const { t } = useI18n();
  const said = saidOf(account);
  if (!said) return null;
  return (
    <p className={classes.window}>
      <IconPlugX size={16} aria-hidden="true" />
      <span>
        <strong>{t(said)}</strong>{" "}
        <Link to="/w/$workspaceId/accounts/$accountId" params={{ workspaceId, accountId: account.id }}>
          {t("chats.toAccount")}
        </Link>
      </span>
    </p>
  );
}

function saidOf({ state, cappedUntil, heldUntil }: FullChat["account"]) {
  const known: Partial<Record<AccountState, (typeof SAID)[keyof typeof SAID]>> = SAID;
  if (known[state]) return known[state];
  if (cappedUntil) return "chats.accountCapped";
  return heldUntil ? "chats.accountHeld" : undefined;
}
