import * as v from "valibot";
import type { CreditKind } from "@/gql/graphql";
import { someOf } from "@/ui/filters";

export const KINDS = ["GRANT", "CHARGE", "RESTORE", "ADJUST"] as const satisfies CreditKind[];
export const PERIODS = ["day", "week", "month", "quarter"] as const;
export type Period = (typeof PERIODS)[number];

/** A day as `2026-01-31`; whatever else stands there counts as absent. */
const dayParam = v.optional(v.fallback(v.optional(v.pipe(v.string(), v.isoDate())), undefined));

/** What the page's URL may say. */
export const creditFilters = v.object({
  kind: someOf(KINDS),
  from: dayParam,
  to: dayParam,
  period: v.optional(v.fallback(v.optional(v.picklist(PERIODS)), undefined)),
});

export type CreditFilters = v.InferOutput<typeof creditFilters>;

/** The days of the filters, as moments of this person's clock: the last day counts whole. */
export function span({ from, to }: Pick<CreditFilters, "from" | "to">): { since?: string; until?: string } {
  return {
    since: from && midnight(from, 0).toISOString(),
    until: to && midnight(to, 1).toISOString(),
  };
}

function midnight(day: string, plus: number): Date {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date + plus);
}

/** How many buckets of a period, and how long each is, in seconds. */
const BUCKETS: Record<Period, { count: number; bucket: number }> = {
  day: { count: 24, bucket: 3_600 },
  week: { count: 7, bucket: 86_400 },
  month: { count: 30, bucket: 86_400 },
  quarter: { count: 90, bucket: 86_400 },
};

/** What a chart of `period` asks for: whole hours or days, the current one last. */
export function bucketsOf(period: Period, now: Date): { since: string; until: string; bucket: number } {
  const { count, bucket } = BUCKETS[period];
  const hour = bucket < 86_400 ? now.getHours() + 1 : 24;
  const until = new Date(now.getFullYear(), now.getMonth(), now.getDate(), hour);
  const since = new Date(until.getTime() - count * bucket * 1_000);
  return { since: since.toISOString(), until: until.toISOString(), bucket };
}
