import { expect, test } from "vitest";
import { formatsOf } from "@/i18n/format";
import { dayWritingOf } from "@/ui/day";

test("a day is written and read in the order of the language", () => {
  const vi = dayWritingOf("vi");
  const en = dayWritingOf("en");
  expect(vi.write("2026-01-31")).toBe("31/01/2026");
  expect(en.write("2026-01-31")).toBe("01/31/2026");
  for (const typed of ["31/1/2026", "31-01-2026", " 31.01.2026 ", "2026-01-31"]) {
    expect(vi.read(typed), typed).toBe("2026-01-31");
  }
  expect(en.read("1/31/2026")).toBe("2026-01-31");
});

test("what is no day is none", () => {
  const { read } = dayWritingOf("vi");
  for (const typed of ["", "31/02/2026", "13/13/2026", "1/31/2026", "tomorrow", "31/01/26"]) {
    expect(read(typed), typed).toBeUndefined();
  }
});

test("a date of another year says which", () => {
  const { relative } = formatsOf("en");
  const now = new Date(2026, 5, 15, 12).getTime();
  expect(relative(new Date(2025, 11, 24, 12).toISOString(), now)).toBe("Dec 24, 2025");
  expect(relative(new Date(2026, 4, 1, 12).toISOString(), now)).not.toContain("2026");
  expect(formatsOf("vi").relative(new Date(2025, 11, 24, 12).toISOString(), now)).toBe("24/12/2025");
});
