import * as v from "valibot";
import type { FailureReason, MessageStatus } from "@/gql/graphql";
import { en } from "@/i18n/en";
import { dayParam } from "@/ui/days";
import { someOf, textParam } from "@/ui/filters";

export const STATUSES = [
  "QUEUED",
  "SENDING",
  "SENT",
  "DELIVERED",
  "READ",
  "FAILED",
  "CANCELED",
] as const satisfies MessageStatus[];

/** Every one has a translation. */
export const FAILURES = Object.keys(en.enums.FailureReason) as FailureReason[];

/** What the list's URL may say. */
export const messageFilters = v.object({
  q: textParam,
  status: someOf(STATUSES),
  failure: someOf(FAILURES),
  account: textParam,
  chat: textParam,
  from: dayParam,
  to: dayParam,
});

export type MessageFilters = v.InferOutput<typeof messageFilters>;

export function isFiltered(filters: MessageFilters): boolean {
  return Object.values(filters).some((value) => value !== undefined);
}
