import { expect, test } from "vitest";
import { ahead, perHour, placeOf } from "@/accounts/rhythm";
import type { AccountCardFragment } from "@/gql/graphql";
import { sentLastMinute, windowOf } from "@/overview/activity";

const NOW = Date.parse("2026-01-01T12:00:30Z");

const account: AccountCardFragment = {
  id: "a",
  phone: "+15105566777",
  name: "Shop",
  gateway: "SIMULATOR",
  isDefault: true,
  queued: 3,
  nextSendAt: "2026-01-01T12:00:31Z",
  drainsAt: null,
  connectedAt: null,
  state: "CONNECTED",
  reason: null,
  reasonDetail: null,
  restrictedUntil: null,
  pace: { minMs: 1_500, maxMs: 2_500 },
};

test("a pace of 1.5 to 2.5 seconds is 1,800 messages an hour", () => {
  expect(perHour(account.pace)).toBe(1_800);
});

test("what waits leaves one pause after the other, and no further than the lane shows", () => {
  expect(ahead(account, NOW)).toEqual([NOW + 1_000, NOW + 3_000, NOW + 5_000]);
  expect(ahead({ ...account, queued: 1_000 }, NOW)).toHaveLength(10);
  expect(ahead({ ...account, state: "PAUSED" }, NOW)).toEqual([]);
});

test("the present stands at two thirds of a lane", () => {
  expect(placeOf(NOW, NOW)).toBeCloseTo(66.67, 1);
  expect(placeOf(NOW - 40_000, NOW)).toBe(0);
});

test("the last minute is this one and what is left of the one before", () => {
  const bucket = (at: string, sent: number) => ({ at, sent, accepted: 0, failed: 0, refused: 0 });
  const minutes = [bucket("2026-01-01T11:59:00Z", 20), bucket("2026-01-01T12:00:00Z", 6)];
  expect(sentLastMinute(minutes, NOW)).toBe(16);
});

test("the chart's columns begin at multiples of their length and reach over the present", () => {
  expect(windowOf(NOW, "hour")).toEqual({
    since: "2026-01-01T11:01:00.000Z",
    until: "2026-01-01T12:01:00.000Z",
  });
});
