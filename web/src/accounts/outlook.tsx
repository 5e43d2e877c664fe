import type { AccountCardFragment } from "@/gql/graphql";
import { useI18n } from "@/i18n";
import { Around, Time, useNow } from "@/ui/time";
import classes from "./page.module.css";

/** When its next message leaves, and when the queue is empty; nothing where neither is known. */
export function Outlook({
  account: { nextSendAt, drainsAt },
}: {
  account: Pick<AccountCardFragment, "nextSendAt" | "drainsAt">;
}) {
  return (
    <span className={classes.hint}>
      {nextSendAt && <Said text="accounts.nextSend" at={nextSendAt} />}
      {drainsAt && (
        <>
          {nextSendAt && " · "}
          <Said text="accounts.emptyBy" at={drainsAt} />
        </>
      )}
    </span>
  );
}

function Said({ text, at }: { text: "accounts.nextSend" | "accounts.emptyBy"; at: string }) {
  const { t } = useI18n();
  return (
    <span className={classes.whole}>
      <Around say={(when) => t(text, { when })}>
        <Soon at={at} />
      </Around>
    </span>
  );
}

/** When something is due; a moment that has just passed is now. */
export function Soon({ at }: { at: string }) {
  const { t } = useI18n();
  return Date.parse(at) > useNow() ? <Time at={at} ahead /> : t("accounts.now");
}
