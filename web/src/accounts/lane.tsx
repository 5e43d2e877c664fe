import type { AccountCardFragment } from "@/gql/graphql";
import { useI18n } from "@/i18n";
import { useNow } from "@/ui/time";
import classes from "./lane.module.css";
import { ahead, BEFORE, type Beat, heightOf, placeOf, sends } from "./rhythm";

/**
 * An account's rhythm: what left in the last 40 seconds flows away to the left, what will leave comes from the right.
 */
export function Lane({ account, beats }: { account: AccountCardFragment; beats: Beat[] }) {
  const { t } = useI18n();
  const now = useNow();
  const past = beats.filter(({ at }) => at > now - BEFORE);
  const label = t("accounts.beatLabel", {
    name: account.name ?? account.phone ?? "",
    sent: past.filter(({ failed }) => !failed).length,
    queued: account.queued,
  });
  return (
    <div className={classes.lane} data-silent={!sends(account) || undefined} role="img" aria-label={label}>
      <span className={classes.line} />
      {past.map(({ id, at, failed }) => (
        <Bar
          key={id}
          place={placeOf(Math.min(at, now), now)}
          height={failed ? 0.4 : heightOf(id)}
          look={failed ? "failed" : "sent"}
        />
      ))}
      {ahead(account, now).map((at, index) => (
        <Bar
          // biome-ignore lint/suspicious/noArrayIndexKey: what is ahead has no name but its place
          key={`${account.nextSendAt} ${account.queued - index}`}
          place={placeOf(at, now)}
          height={0.55}
          look="ahead"
        />
      ))}
      <span className={classes.now} />
    </div>
  );
}

function Bar({ place, height, look }: { place: number; height: number; look: "sent" | "failed" | "ahead" }) {
  return (
    <span className={classes.beat} data-look={look} style={{ transform: `translateX(${place}cqw)` }}>
      <span style={{ height: `${height * 100}%` }} />
    </span>
  );
}
