import type { AccountCardFragment, BeatFragment } from "@/gql/graphql";

/** How far back a lane shows, and how far ahead, in milliseconds. */
export const BEFORE = 40_000;
const AHEAD = 20_000;

/** A message that left, or failed to. */
export interface Beat {
  id: string;
  /** Milliseconds since 1970. */
  at: number;
  failed: boolean;
}

type Pace = AccountCardFragment["pace"];

/** Messages an hour, of which each waits the middle of the pace for the one before. */
export function perHour({ minMs, maxMs }: Pace): number {
  return Math.round(3_600_000 / Math.max((minMs + maxMs) / 2, 1));
}

/** Whether it sends at all, whatever waits. */
export function sends({ state }: Pick<AccountCardFragment, "state">): boolean {
  return state === "CONNECTED" || state === "RESTRICTED";
}

/** When its next messages will leave, as far as a lane shows: the first is known, the others follow the pace. */
export function ahead(account: AccountCardFragment, now: number): number[] {
  if (!account.nextSendAt || !sends(account)) return [];
  const first = Math.max(Date.parse(account.nextSendAt), now);
  const step = Math.max((account.pace.minMs + account.pace.maxMs) / 2, 250);
  const fit = Math.floor((now + AHEAD - first) / step) + 1;
  return Array.from(
    { length: Math.max(Math.min(account.queued, fit), 0) },
    (_, index) => first + index * step,
  );
}

export function beatOf({ id, sentAt, failedAt, status }: BeatFragment): Beat | undefined {
  const at = sentAt ?? failedAt;
  return at ? { id, at: Date.parse(at), failed: status === "FAILED" } : undefined;
}

/** Where a moment stands on a lane, in percent of its width. */
export function placeOf(at: number, now: number): number {
  return ((at - now + BEFORE) / (BEFORE + AHEAD)) * 100;
}

/** Beats differ in height, as a pulse does; the same message has always the same. From 0.5 to 1. */
export function heightOf(id: string): number {
  const sum = [...id].reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0)) % 997, 7);
  return 0.5 + sum / 997 / 2;
}
