import { Button, NumberInput, Stack, Text } from "@mantine/core";
import { type FormEvent, useState } from "react";
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
  const { t } = useI18n();
  const { pace } = account;
  const [minMs, setMin] = useState(pace.minMs);
  const [maxMs, setMax] = useState(pace.maxMs);
  const set = useDo(SET_PACE, { quiet: true, onDone: () => tellDone(t("accounts.paceSaved")) });
  const changed = minMs !== pace.minMs || maxMs !== pace.maxMs;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    set.mutate({ id: account.id, minMs, maxMs });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <div className={classes.pair}>
          <Seconds label={t("accounts.paceMin")} ms={minMs} onChange={setMin} />
          <Seconds
            label={t("accounts.paceMax")}
            ms={maxMs}
            onChange={setMax}
            error={maxMs < minMs ? t("accounts.paceOrder") : undefined}
          />
        </div>
        <div aria-live="polite">
          <Text fw={600}>{t("accounts.perHour", { count: perHour({ minMs, maxMs }) })}</Text>
          <Text size="sm" c="dimmed">
            {t((minMs + maxMs) / 2 < RISKY ? "accounts.paceFast" : "accounts.paceFloor")}
          </Text>
        </div>
        <Complaint error={set.error} />
        {changed && (
          <Button type="submit" w="fit-content" loading={set.isPending} disabled={maxMs < minMs}>
            {t("accounts.save")}
          </Button>
        )}
      </Stack>
    </form>
  );
}

interface SecondsProps {
  label: string;
  ms: number;
  onChange: (ms: number) => void;
  error?: string;
}

/** People think in seconds; the server counts milliseconds. */
function Seconds({ label, ms, onChange, error }: SecondsProps) {
  const { t, locale } = useI18n();
  return (
    <NumberInput
      label={label}
      suffix={` ${t("accounts.seconds")}`}
      value={ms / 1_000}
      onChange={(value) => onChange(Math.round(Number(value) * 1_000))}
      min={0}
      max={3_600}
      step={0.5}
      decimalScale={3}
      decimalSeparator={locale === "vi" ? "," : "."}
      error={error}
    />
  );
}
