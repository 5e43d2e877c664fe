import * as v from "valibot";
import { useI18n } from "@/i18n";
import { DayField } from "./day-field";
import classes from "./days.module.css";

/** From which day to which; each may be open. */
interface Days {
  from?: string | undefined;
  to?: string | undefined;
}

/** A day in the URL as `2026-01-31`; whatever else stands there counts as absent. */
export const dayParam = v.optional(v.fallback(v.optional(v.pipe(v.string(), v.isoDate())), undefined));

/** The days of the filters, as moments of this person's clock: the last day counts whole. */
export function span({ from, to }: Days): { since?: string; until?: string } {
  return {
    since: from && midnight(from, 0).toISOString(),
    until: to && midnight(to, 1).toISOString(),
  };
}

function midnight(day: string, plus: number): Date {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date + plus);
}

interface Props {
  days: Days;
  onChange: (change: Days) => void;
}

/** The first and the last day that a list shows. */
export function DayFields({ days, onChange }: Props) {
  return (
    <>
      <Day name="from" days={days} onChange={onChange} />
      <Day name="to" days={days} onChange={onChange} />
    </>
  );
}

function Day({ name, days, onChange }: Props & { name: "from" | "to" }) {
  const { t } = useI18n();
  return (
    <DayField
      label={t(`credits.${name}`)}
      before={<span className={classes.name}>{t(`credits.${name}`)}</span>}
      min={name === "to" ? days.from : undefined}
      max={name === "from" ? days.to : undefined}
      value={days[name]}
      onChange={(day) => onChange({ [name]: day })}
    />
  );
}
