import { expect, test, vi } from "vitest";
import { bucketsOf } from "@/credits/filters";
import { ceiling } from "@/ui/chart";
import { span } from "@/ui/days";

test("the last day of a filter counts whole", () => {
  expect(span({ from: "2026-01-31", to: "2026-01-31" })).toEqual({
    since: new Date(2026, 0, 31).toISOString(),
    until: new Date(2026, 1, 1).toISOString(),
  });
  expect(span({})).toEqual({ since: undefined, until: undefined });
});

test("a chart ends with the hour or the day that it is", () => {
  const now = new Date(2026, 4, 20, 14, 25);
  expect(bucketsOf("day", now)).toEqual([
    {
      since: new Date(2026, 4, 19, 15).toISOString(),
      until: new Date(2026, 4, 20, 15).toISOString(),
      bucket: 3_600,
    },
  ]);
  expect(bucketsOf("week", now).at(-1)?.until).toBe(new Date(2026, 4, 21).toISOString());
});

test("a chart's days are days of the clock, also where it is put forward", () => {
  vi.stubEnv("TZ", "America/New_York");
  const [before, change, after] = bucketsOf("month", new Date(2026, 2, 20, 12));
  expect(before).toEqual({
    since: "2026-02-19T05:00:00.000Z",
    until: "2026-03-08T05:00:00.000Z",
    bucket: 86_400,
  });
  expect(change).toEqual({
    since: "2026-03-08T05:00:00.000Z",
    until: "2026-03-09T04:00:00.000Z",
    bucket: 82_800,
  });
  expect(after).toEqual({
    since: "2026-03-09T04:00:00.000Z",
    until: "2026-03-21T04:00:00.000Z",
    bucket: 86_400,
  });
  vi.unstubAllEnvs();
});

test("no period asks for more buckets than the server gives", () => {
  for (const period of ["day", "week", "month", "quarter"] as const) {
    for (const { since, until, bucket } of bucketsOf(period, new Date())) {
      const buckets = (Date.parse(until) - Date.parse(since)) / 1_000 / bucket;
      expect(buckets).toBeGreaterThan(0);
      expect(buckets).toBeLessThanOrEqual(500);
    }
  }
});

test("a chart's scale ends in a number whose half is whole", () => {
  expect([0, 1, 2, 3, 5, 11, 21, 99, 401].map(ceiling)).toEqual([2, 2, 2, 4, 6, 20, 40, 100, 600]);
});
