import { ActionIcon, TextInput } from "@mantine/core";
import { IconCalendar } from "@tabler/icons-react";
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { useI18n } from "@/i18n";
import { dayWritingOf } from "./day";
import classes from "./filters.module.css";

interface Props {
  label: string;
  /** Drawn in the field, before what is typed. */
  before?: ReactNode;
  /** 2026-01-31, or nothing. */
  value: string | undefined;
  onChange: (day: string | undefined) => void;
  min?: string;
  max?: string;
}

/** A day: typed as the language writes it, which browsers' own fields do not, or chosen from the browser's calendar. */
export function DayField({ label, before, value, onChange, min, max }: Props) {
  const { t, locale } = useI18n();
  const writing = dayWritingOf(locale);
  const written = value ? writing.write(value) : "";
  const [typed, setTyped] = useState(written);
  const calendar = useRef<HTMLInputElement>(null);
  useEffect(() => setTyped(written), [written]);
  const day = writing.read(typed);
  const wrong = typed.trim() !== "" && (!day || (min && day < min) || (max && day > max));
  const take = () => {
    if (typed.trim() === "") return value && onChange(undefined);
    if (!wrong && day !== value) onChange(day);
  };
  const onKeyDown = ({ key }: KeyboardEvent) => {
    if (key === "Enter") take();
  };
  return (
    <TextInput
      className={classes.day}
      aria-label={label}
      placeholder={writing.pattern}
      inputMode="numeric"
      autoComplete="off"
      leftSection={before}
      leftSectionWidth={52}
      leftSectionProps={{ className: classes.before }}
      // Half a day is not wrong yet.
      error={Boolean(wrong && typed.length >= writing.pattern.length)}
      value={typed}
      onChange={(event) => setTyped(event.currentTarget.value)}
      onBlur={take}
      onKeyDown={onKeyDown}
      rightSection={
        <>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="sm"
            aria-label={t("common.calendarFor", { name: label })}
            onClick={() => calendar.current?.showPicker()}
          >
            <IconCalendar size={15} aria-hidden="true" />
          </ActionIcon>
          <input
            ref={calendar}
            type="date"
            className={classes.calendar}
            tabIndex={-1}
            aria-hidden="true"
            value={value ?? ""}
            min={min}
            max={max}
            onChange={(event) => onChange(event.currentTarget.value || undefined)}
          />
        </>
      }
    />
  );
}
