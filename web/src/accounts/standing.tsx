import type { AccountState } from "@/gql/graphql";
import { useI18n } from "@/i18n";
import { Around, ExactTime } from "@/ui/time";
import type { FullAccount } from "./page";
import classes from "./page.module.css";

const TONES: Record<AccountState, "good" | "warn" | "bad" | "quiet"> = {
  CONNECTED: "good",
  PAIRING: "warn",
  PASSKEY_REQUIRED: "warn",
  RECONNECTING: "warn",
  RESTRICTED: "warn",
  PAUSED: "quiet",
  LOGGED_OUT: "bad",
  BANNED: "bad",
  REMOVED: "quiet",
};

/** Whether it can send; if not, why, and what to do. */
export function Standing({ account }: { account: FullAccount }) {
  const { t } = useI18n();
  const { state, reason, reasonDetail, restrictedUntil, cappedUntil } = account;
  const { label, todo } = useReason(account);
  return (
    <section
      className={classes.standing}
      data-tone={cappedUntil && state === "CONNECTED" ? "warn" : TONES[state]}
    >
      <strong>{label}</strong>
      {todo && <span>{todo}</span>}
      {restrictedUntil && (
        <span>
          <Around say={(when) => t("accounts.until", { when })}>
            <ExactTime at={restrictedUntil} />
          </Around>
        </span>
      )}
      {reason && reasonDetail && (
        <span className={classes.hint}>
          {t("accounts.inOwnWords")}: <span lang="en">{reasonDetail}</span>
        </span>
      )}
    </section>
  );
}

function useReason({ state, reason, cappedUntil }: FullAccount): { label: string; todo?: string } {
  const { t } = useI18n();
  if (state === "REMOVED") return { label: t("accounts.gone") };
  if (state === "CONNECTED" && cappedUntil) {
    return { label: t("accounts.capped"), todo: t("accounts.cappedTodo") };
  }
  if (state === "CONNECTED") return { label: t("accounts.allGood") };
  if (state === "PAUSED") return { label: t("accounts.paused"), todo: t("accounts.pausedTakes") };
  if (reason) {
    return { label: t(`enums.AccountReason.${reason}.label`), todo: t(`enums.AccountReason.${reason}.todo`) };
  }
  return {
    label: t(`enums.AccountState.${state}`),
    todo: state === "PAIRING" ? t("accounts.pairingTodo") : undefined,
  };
}
