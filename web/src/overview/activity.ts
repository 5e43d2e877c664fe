import { useQuery } from "@tanstack/react-query";
import { ask } from "@/api/ask";
import type { ActivityQuery } from "@/gql/graphql";
import { ACTIVITY } from "./documents";

export type Bucket = NonNullable<ActivityQuery["workspace"]>["activity"][number];

/** Spans of the chart: how long, and how long each of its columns, in seconds. */
const RANGES = {
  hour: { span: 3_600, bucket: 60 },
  day: { span: 86_400, bucket: 1_800 },
  week: { span: 604_800, bucket: 10_800 },
  month: { span: 2_592_000, bucket: 43_200 },
} as const;
export type Range = keyof typeof RANGES;
export const RANGE_NAMES = Object.keys(RANGES) as Range[];

/** How often counts are read, in milliseconds: the server's are about a second behind. */
const REREAD = 5_000;

/** Counts of the time until now, oldest first. Under one key, so that the old ones stay while the clock moves. */
export function useActivity(workspaceId: string, range: Range) {
  return useQuery({
    queryKey: ["Activity", workspaceId, range],
    queryFn: async () => {
      const { since, until } = windowOf(Date.now(), range);
      const variables = { workspaceId, since, until, bucket: RANGES[range].bucket };
      return (await ask(ACTIVITY, variables)).workspace?.activity ?? [];
    },
    refetchInterval: REREAD,
  });
}

/** Columns begin at multiples of their length, so that they do not shift at each reading. */
export function windowOf(now: number, range: Range): { since: string; until: string } {
  const { span, bucket } = RANGES[range];
  const step = bucket * 1_000;
  const end = (Math.floor(now / step) + 1) * step;
  return { since: new Date(end - span * 1_000).toISOString(), until: new Date(end).toISOString() };
}

export function totalOf(buckets: Bucket[], of: "accepted" | "sent" | "failed" | "refused"): number {
  return buckets.reduce((sum, bucket) => sum + bucket[of], 0);
}

/**
 * About how many were sent in the last 60 seconds, from counts by minute: this minute's, and as much of the one
 * before as still lies within.
 */
export function sentLastMinute(minutes: Bucket[], now: number): number {
  const [before, current] = minutes.slice(-2);
  if (!current) return before?.sent ?? 0;
  const gone = Math.min(Math.max((now - Date.parse(current.at)) / 60_000, 0), 1);
  return Math.round(current.sent + (before?.sent ?? 0) * (1 - gone));
}
