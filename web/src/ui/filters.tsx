import { Button, CloseButton, TextInput } from "@mantine/core";
import { IconFilterOff, IconSearch } from "@tabler/icons-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import * as v from "valibot";
import { useI18n } from "@/i18n";
import classes from "./filters.module.css";
import { Empty } from "./shown";
import { forgetTyped, typing } from "./typed";

/** What a list is shown with whose filters live in the URL. */
export interface Filtered<Filters> {
  workspaceId: string;
  filters: Filters;
  onFilter: (change: Partial<Filters>) => void;
  onClear: () => void;
}

/** The server stops counting here. */
export const COUNTED = 10_000;

/** Filters above a list. They live in the URL: the page's `validateSearch` says which there are. */
export function FilterBar({ children, count }: { children: ReactNode; count?: ReactNode }) {
  const { t } = useI18n();
  return (
    <search className={classes.bar} aria-label={t("common.filters")}>
      {children}
      <span className={classes.count} aria-live="polite">
        {count}
      </span>
    </search>
  );
}

/** Types at once, filters a moment later. */
export function SearchField({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
}) {
  const { t } = useI18n();
  const [typed, setTyped] = useState(value);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const input = useRef<HTMLInputElement>(null);
  /** What was asked for last: once the address has it, more may have been typed already. */
  const asked = useRef(value);
  useEffect(() => {
    if (value === asked.current) return;
    asked.current = value;
    clearTimeout(timer.current);
    setTyped(value);
  }, [value]);
  useEffect(() => {
    const stop = () => clearTimeout(timer.current);
    const forget = () => {
      stop();
      asked.current = "";
      setTyped("");
    };
    const search = { stop, forget };
    typing.add(search);
    return () => {
      stop();
      typing.delete(search);
    };
  }, []);
  const type = (text: string, wait = 300) => {
    setTyped(text);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => {
      asked.current = text;
      onChange(text);
    }, wait);
  };
  const clear = () => {
    type("", 0);
    input.current?.focus();
  };
  return (
    <TextInput
      ref={input}
      className={classes.grow}
      type="search"
      size="sm"
      aria-label={label}
      placeholder={label}
      value={typed}
      onChange={(event) => type(event.currentTarget.value)}
      leftSection={<IconSearch size={16} aria-hidden="true" />}
      rightSection={
        typed ? <CloseButton size="sm" aria-label={t("common.clearSearch")} onClick={clear} /> : null
      }
    />
  );
}

/** Takes every filter away. */
export function ClearFilters({ onClear }: { onClear: () => void }) {
  const { t } = useI18n();
  const clear = () => {
    forgetTyped();
    onClear();
  };
  return (
    <Button variant="subtle" color="gray" leftSection={<IconFilterOff size={16} />} onClick={clear}>
      {t("common.clear")}
    </Button>
  );
}

/** Where nothing fits the filters. */
export function NothingFits({ hint, onClear }: { hint: string; onClear: () => void }) {
  const { t } = useI18n();
  const clear = () => {
    forgetTyped();
    onClear();
  };
  return (
    <Empty
      icon={IconFilterOff}
      title={t("messages.noneTitle")}
      hint={hint}
      action={
        <Button variant="default" onClick={clear}>
          {t("common.clear")}
        </Button>
      }
    />
  );
}

/** A text in the URL; whatever else stands there counts as absent. */
export const textParam = v.optional(
  v.fallback(v.optional(v.pipe(v.union([v.string(), v.number()]), v.transform(String))), undefined),
);

/** Some of `values` in the URL; others are dropped. */
export function someOf<const T extends string>(values: readonly T[]) {
  const known = (value: unknown): value is T => values.some((each) => each === value);
  const list = v.pipe(
    v.unknown(),
    v.transform((value): T[] | undefined => {
      const kept = (Array.isArray(value) ? value : [value]).filter(known);
      return kept.length > 0 ? kept : undefined;
    }),
  );
  return v.optional(list);
}
