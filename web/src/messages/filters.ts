import * as v from "valibot";
import type { FailureReason, MessageStatus } from "@/gql/graphql";
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

/** Those first that are met most. */
const REASONS: Record<FailureReason, true> = {
  NOT_ON_WHATSAPP: true,
  INVALID_RECIPIENT: true,
  FILE_NOT_DIRECT_LINK: true,
  FILE_UNREACHABLE: true,
  FILE_TOO_LARGE: true,
  FILE_TYPE_UNSUPPORTED: true,
  FILE_REJECTED: true,
  FILE_ADDRESS_REFUSED: true,
  OUTSIDE_REPLY_WINDOW: true,
  ACCOUNT_UNAVAILABLE: true,
  EXPIRED: true,
  NEW_CHATS_RESTRICTED: true,
  RATE_LIMITED: true,
  UNCONFIRMED: true,
  WHATSAPP_ERROR: true,
  GROUP_NOT_MEMBER: true,
  GROUP_READ_ONLY: true,
};

/** All of them: one that is missing above does not compile. */
export const FAILURES = Object.keys(REASONS) as FailureReason[];

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
