import { Button, NumberInput, Stack, Text } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { ApiError } from "@/api/errors";
import { useDo } from "@/api/query";
import { useI18n } from "@/i18n";
import { Complaint } from "@/session/complaint";
import { Facts, Panel } from "@/ui/page";
import { tellDone } from "@/ui/toasts";
import { SET_PACE } from "./documents";
import type { FullAccount } from "./page";
import classes from "./page.module.css";
import { perHour } from "./rhythm";

/** Under this mean pause, in milliseconds, numbers are known to be banned more often. */
const RISKY = 1_000;

/** The server takes no longer pause, in milliseconds. */
const LONGEST = 3_600_000;

/** How close together its messages leave, and what that comes to. */
export function PacePanel({ account, may }: { account: FullAccount; may: boolean }) {
  const { t, format } = useI18n();
  const { pace } = account;
  const seconds = (ms: number) => `${format.number(ms / 1_000)} ${t("accounts.seconds")}`;
  return (
    <Panel title={t("accounts.paceTitle")}>
      <Stack gap="md">
        <Text c="dimmed">{t("accounts.paceHint")}</Text>
        {may ? (
          <Form account={account} />
        ) : (
          <Facts
            of={[
              [t("accounts.paceMin"), seconds(pace.minMs)],
              [t("accounts.paceMax"), seconds(pace.maxMs)],
              [t("accounts.pace"), t("accounts.hourly", { count: perHour(pace) })],
            ]}
          />
        )}
      </Stack>
    </Panel>
  );
}

function Form({ account }: { account: FullAccount }) {
  const { t, format } = useI18n();
  const { pace } = account;
  const [min, setMin] = useState<Typed>(pace.minMs / 1_000);
  const [max, setMax] = useState<Typed>(pace.maxMs / 1_000);
  const set = useDo(SET_PACE, { quiet: true, onDone: () => tellDone(t("accounts.paceSaved")) });
  const { minMs, maxMs } = { minMs: milliseconds(min), maxMs: milliseconds(max) };
  const typed = minMs !== undefined && maxMs !== undefined ? { minMs, maxMs } : undefined;
  const valid = typed && typed.minMs <= typed.maxMs && typed.maxMs <= LONGEST ? typed : undefined;
  const changed = minMs !== pace.minMs || maxMs !== pace.maxMs;
  const floor = floorIn(set.error);
  const change = (to: (typed: Typed) => void) => (value: Typed) => {
    set.reset();
    to(value);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (valid) set.mutate({ id: account.id, ...valid });
  };
  const tooLong = (ms: number | undefined) =>
    ms !== undefined && ms > LONGEST
      ? t("accounts.paceLongest", { seconds: format.number(LONGEST / 1_000) })
      : undefined;
  const shortest =
    floor === undefined ? undefined : t("accounts.paceShortest", { seconds: format.number(floor / 1_000) });
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <div className={classes.pair}>
          <Seconds
            label={t("accounts.paceMin")}
            value={min}
            onChange={change(setMin)}
            error={shortest ?? tooLong(minMs)}
          />
          <Seconds
            label={t("accounts.paceMax")}
            value={max}
            onChange={change(setMax)}
            error={typed && typed.maxMs < typed.minMs ? t("accounts.paceOrder") : tooLong(maxMs)}
          />
        </div>
        <div aria-live="polite">
          {valid && <Text fw={600}>{t("accounts.perHour", { count: perHour(valid) })}</Text>}
          <Text size="sm" c="dimmed">
            {t(valid && (valid.minMs + valid.maxMs) / 2 < RISKY ? "accounts.paceFast" : "accounts.paceFloor")}
          </Text>
        </div>
        {!shortest && <Complaint error={set.error} />}
        {changed && (
          <Button type="submit" w="fit-content" loading={set.isPending} disabled={!valid}>
            {t("accounts.save")}
          </Button>
        )}
      </Stack>
    </form>
  );
}

/** A field's content while one types: a number, or what is none yet, such as `2.`. */
type Typed = string | number;

/** People think in seconds; the server counts milliseconds. Nothing for what is no time. */
function milliseconds(typed: Typed): number | undefined {
  const seconds = Number(typed);
  return typed !== "" && seconds > 0 ? Math.round(seconds * 1_000) : undefined;
}

/** The installation's shortest pause in milliseconds, where the server refused a shorter one. */
function floorIn(error: ApiError | null): number | undefined {
  if (error?.code !== "BAD_INPUT" || error.field !== "minMs") return undefined;
  const told = /\d+/.exec(error.message)?.[0];
  return told === undefined ? undefined : Number(told);
}

interface SecondsProps {
  label: string;
  value: Typed;
  onChange: (value: Typed) => void;
  error?: string;
}

function Seconds({ error, ...field }: SecondsProps) {
  const { t, locale } = useI18n();
  return (
    <NumberInput
      {...field}
      suffix={` ${t("accounts.seconds")}`}
      allowNegative={false}
      step={0.5}
      decimalScale={3}
      decimalSeparator={locale === "vi" ? "," : "."}
      error={error}
    />
  );
}
