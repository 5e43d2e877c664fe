import * as v from "valibot";
import type { CreditKind } from "@/gql/graphql";
import { dayParam } from "@/ui/days";
import { someOf } from "@/ui/filters";

export const KINDS = ["GRANT", "CHARGE", "RESTORE", "ADJUST"] as const satisfies CreditKind[];
export const PERIODS = ["day", "week", "month", "quarter"] as const;
export type Period = (typeof PERIODS)[number];

/** What the page's URL may say. */
export const creditFilters = v.object({
  kind: someOf(KINDS),
  from: dayParam,
  to: dayParam,
  period: v.optional(v.fallback(v.optional(v.picklist(PERIODS)), undefined)),
});

export type CreditFilters = v.InferOutput<typeof creditFilters>;

/** A stretch of time in buckets of one length, in seconds. */
interface Stretch {
  since: string;
  until: string;
  bucket: number;
}

const HOURS = 24;
const DAYS: Record<Exclude<Period, "day">, number> = { week: 7, month: 30, quarter: 90 };

/**
 * What a chart of `period` asks for: whole hours or days, the current one last. Days are those of this person's clock, and
 * where it is put forward or back one of them is an hour shorter or longer: each length is a stretch of its own.
 */
export function bucketsOf(period: Period, now: Date): Stretch[] {
  const at = (day: number, hour = 0) =>
    new Date(now.getFullYear(), now.getMonth(), now.getDate() + day, hour);
  if (period === "day") {
    const until = at(0, now.getHours() + 1).getTime();
    return stretches(Array.from({ length: HOURS + 1 }, (_, hour) => until - (HOURS - hour) * 3_600_000));
  }
  const count = DAYS[period];
  return stretches(Array.from({ length: count + 1 }, (_, day) => at(day - count + 1).getTime()));
}

/** Between moments that follow each other, in milliseconds. */
function stretches(moments: number[]): Stretch[] {
  const found: Stretch[] = [];
  moments.slice(1).forEach((until, index) => {
    const since = moments[index] ?? until;
    const bucket = (until - since) / 1_000;
    const last = found.at(-1);
    if (last?.bucket === bucket) last.until = new Date(until).toISOString();
    else found.push({ since: new Date(since).toISOString(), until: new Date(until).toISOString(), bucket });
  });
  return found;
}
