/** Numbers and times as the language writes them. */
export interface Format {
  number: (value: number) => string;
  /** With its sign: +3, −1. */
  signed: (value: number) => string;
  bytes: (value: number) => string;
  /** Date and time to the second. */
  exact: (at: string) => string;
  /** Date and time to the minute, without the year. */
  short: (at: string) => string;
  /** A day, with its weekday. */
  day: (at: string) => string;
  /** A day without its year. */
  date: (at: string) => string;
  /** The time of day, to the minute. */
  time: (at: string) => string;
  /** How far `at` is from `now`, in the largest unit that is not 0; farther than a week, its date. */
  relative: (at: string, now: number) => string;
  /** A length of time, in its largest unit that is not 0. */
  duration: (seconds: number) => string;
}

const UNITS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];
/** Older than this, in seconds, a date says more than a distance. */
const FAR = 7 * 86_400;

/** What is past already is not "now". */
const JUST_NOW: Record<string, string | undefined> = { en: "just now", vi: "vừa xong" };

export function formatsOf(locale: string): Format {
  const number = new Intl.NumberFormat(locale);
  // In Vietnamese months are numbers: 23/11/2026, not 23 thg 11, 2026.
  const numeric = locale === "vi";
  const month = numeric ? "numeric" : "short";
  const exact = new Intl.DateTimeFormat(locale, {
    day: "numeric",
    month,
    year: "numeric",
    hour: numeric ? "2-digit" : "numeric",
    minute: "2-digit",
    second: "2-digit",
  });
  const short = new Intl.DateTimeFormat(locale, {
    day: "numeric",
    month,
    hour: "numeric",
    minute: "2-digit",
  });
  const ofAnotherYear = new Intl.DateTimeFormat(locale, { day: "numeric", month, year: "numeric" });
  const day = new Intl.DateTimeFormat(locale, { dateStyle: "full" });
  const date = new Intl.DateTimeFormat(locale, { day: "numeric", month });
  const signed = new Intl.NumberFormat(locale, { signDisplay: "exceptZero" });
  const time = new Intl.DateTimeFormat(locale, { timeStyle: "short" });
  const distance = new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" });
  return {
    number: (value) => number.format(value),
    signed: (value) => signed.format(value),
    bytes: (value) => bytes(locale, value),
    exact: (at) => exact.format(new Date(at)),
    short: (at) => short.format(new Date(at)),
    day: (at) => day.format(new Date(at)),
    date: (at) => date.format(new Date(at)),
    time: (at) => time.format(new Date(at)),
    relative: (at, now) => {
      const seconds = Math.round((Date.parse(at) - now) / 1_000);
      if (seconds === 0 && Date.parse(at) <= now) return JUST_NOW[locale] ?? distance.format(0, "second");
      if (Math.abs(seconds) >= FAR) {
        const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear();
        return (isThisYear ? short : ofAnotherYear).format(new Date(at));
      }
      const [unit, size] = UNITS.find(([, size]) => Math.abs(seconds) >= size) ?? ["second", 1];
      return distance.format(Math.trunc(seconds / size), unit);
    },
    duration: (seconds) => duration(locale, seconds),
  };
}

function duration(locale: string, seconds: number): string {
  const [unit, size] = UNITS.find(([, size]) => seconds >= size) ?? ["second", 1];
  const format = new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay: "short" });
  return format.format(Math.max(Math.trunc(seconds / size), 0));
}

function bytes(locale: string, value: number): string {
  const [unit, size] = value >= 1e6 ? ["megabyte", 1e6] : value >= 1e3 ? ["kilobyte", 1e3] : ["byte", 1];
  const format = new Intl.NumberFormat(locale, {
    style: "unit",
    unit: String(unit),
    maximumFractionDigits: 1,
  });
  return format.format(value / Number(size));
}
