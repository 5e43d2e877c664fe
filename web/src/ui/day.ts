/** A day as people type it, in the order of their language; `2026-01-31` is taken everywhere. */
interface DayWriting {
  /** What to type, such as dd/mm/yyyy. */
  pattern: string;
  write: (day: string) => string;
  /** The day as 2026-01-31; undefined where it is none. */
  read: (text: string) => string | undefined;
}

export function dayWritingOf(locale: string): DayWriting {
  const dayFirst = locale === "vi";
  return {
    pattern: dayFirst ? "dd/mm/yyyy" : "mm/dd/yyyy",
    write: (day) => {
      const [year = "", month = "", date = ""] = day.split("-");
      return (dayFirst ? [date, month, year] : [month, date, year]).join("/");
    },
    read: (text) => {
      const typed = text.trim();
      const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(typed)?.slice(1);
      const parts = iso ?? /^(\d{1,2})[/.\-\s](\d{1,2})[/.\-\s](\d{4})$/.exec(typed)?.slice(1);
      if (!parts) return undefined;
      const [first, second, third] = parts.map(Number) as [number, number, number];
      if (iso) return dayOf(first, second, third);
      return dayFirst ? dayOf(third, second, first) : dayOf(third, first, second);
    },
  };
}

/** 2026-02-30 is none. */
function dayOf(year: number, month: number, date: number): string | undefined {
  const day = new Date(Date.UTC(year, month - 1, date));
  const iso = Number.isNaN(day.getTime()) ? "" : day.toISOString().slice(0, 10);
  const pad = (value: number) => String(value).padStart(2, "0");
  return iso === `${year}-${pad(month)}-${pad(date)}` ? iso : undefined;
}
