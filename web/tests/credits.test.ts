import { expect, test } from "vitest";
import { bucketsOf, span } from "@/credits/filters";
import { ceiling } from "@/ui/chart";

test("the last day of a filter counts whole", () => {
  expect(span({ from: "2026-01-31", to: "2026-01-31" })).toEqual({
    since: new Date(2026, 0, 31).toISOString(),
    until: new Date(2026, 1, 1).toISOString(),
  });
  expect(span({})).toEqual({ since: undefined, until: undefined });
});

test("a chart ends with the hour or the day that it is", () => {
  const now = new Date(2026, 4, 20, 14, 25);
  expect(bucketsOf("day", now)).toEqual({
    since: new Date(2026, 4, 19, 15).toISOString(),
    until: new Date(2026, 4, 20, 15).toISOString(),
    bucket: 3_600,
  });
  expect(bucketsOf("week", now).until).toBe(new Date(2026, 4, 21).toISOString());
});

test("no period asks for more buckets than the server gives", () => {
  for (const period of ["day", "week", "month", "quarter"] as const) {
    const { since, until, bucket } = bucketsOf(period, new Date());
    const buckets = (Date.parse(until) - Date.parse(since)) / 1_000 / bucket;
    expect(buckets).toBeGreaterThan(0);
    expect(buckets).toBeLessThanOrEqual(500);
  }
});

test("a chart's scale ends in a number whose half is whole", () => {
  expect([0, 1, 2, 3, 5, 11, 21, 99, 401].map(ceiling)).toEqual([2, 2, 2, 4, 6, 20, 40, 100, 600]);
});
