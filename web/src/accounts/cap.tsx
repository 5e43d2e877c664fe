import { Button, NumberInput, Stack, Text } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useDo } from "@/api/query";
import { useI18n } from "@/i18n";
import { Complaint } from "@/session/complaint";
import { Facts, Panel } from "@/ui/page";
import { Around, ExactTime } from "@/ui/time";
import { tellDone } from "@/ui/toasts";
import { SET_DAILY_CAP } from "./documents";
import type { FullAccount } from "./page";

/** The server takes no more. */
const LARGEST = 1_000_000;

/** How many of its messages leave within 24 hours, at most; empty: as many as the pace allows. */
export function CapPanel({ account, may }: { account: FullAccount; may: boolean }) {
  const { t, format } = useI18n();
  const { dailyCap, cappedUntil } = account;
  const cap = dailyCap ? format.number(dailyCap) : t("accounts.capNone");
  return (
    <Panel title={t("accounts.cap")}>
      <Stack gap="md">
        <Text c="dimmed">{t("accounts.capHint")}</Text>
        {may ? <Form account={account} /> : <Facts of={[[t("accounts.capLabel"), cap]]} />}
        {cappedUntil && (
          <Text fw={600}>
            <Around say={(when) => t("accounts.cappedUntil", { when })}>
              <ExactTime at={cappedUntil} />
            </Around>
          </Text>
        )}
      </Stack>
    </Panel>
  );
}

function Form({ account }: { account: FullAccount }) {
  const { t, locale } = useI18n();
  const { dailyCap } = account;
  const [cap, setCap] = useState<number | null>(dailyCap ?? null);
  const set = useDo(SET_DAILY_CAP, { quiet: true, onDone: () => tellDone(t("accounts.capSaved")) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    set.mutate({ id: account.id, dailyCap: cap });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <NumberInput
          label={t("accounts.capLabel")}
          placeholder={t("accounts.capNone")}
          value={cap ?? ""}
          onChange={(value) => setCap(value === "" ? null : Number(value))}
          min={1}
          max={LARGEST}
          allowDecimal={false}
          allowNegative={false}
          thousandSeparator={locale === "vi" ? "." : ","}
          decimalSeparator={locale === "vi" ? "," : "."}
          maw={260}
        />
        <Complaint error={set.error} />
        {cap !== (dailyCap ?? null) && (
          <Button type="submit" w="fit-content" loading={set.isPending}>
            {t("accounts.save")}
          </Button>
        )}
      </Stack>
    </form>
  );
}
