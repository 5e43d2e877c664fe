import { SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useMemo } from "react";
import { ask } from "@/api/ask";
import type { ApiError } from "@/api/errors";
import { useLive, useThrottled } from "@/api/live";
import { keyOf, useAsk, useReread } from "@/api/query";
import type { CreditsOverTimeQuery, CreditsQuery } from "@/gql/graphql";
import { useI18n } from "@/i18n";
import Chart from "@/ui/chart";
import type { Filtered } from "@/ui/filters";
import { Page, Panel } from "@/ui/page";
import { Bones, Shown } from "@/ui/shown";
import { useHour } from "@/ui/time";
import { CREDITS, CREDITS_CHANGED, CREDITS_OVER_TIME, LEDGER } from "./documents";
import { bucketsOf, type CreditFilters, PERIODS, type Period } from "./filters";
import { Ledger } from "./ledger";
import { OutOfCredits } from "./out-of-credits";
import classes from "./page.module.css";

/** A moved balance is read again at most this often, in milliseconds. */
const CALM = 1_000;

export type Props = Omit<Filtered<CreditFilters>, "onClear">;

export function CreditsPage(props: Props) {
  const { t } = useI18n();
  const { workspaceId, filters, onFilter } = props;
  const period = filters.period ?? "month";
  const { standing, overTime } = useCredits(workspaceId, period);
  return (
    <Page title={t("credits.title")} hint={t("credits.hint")}>
      <div className={classes.stack}>
        <Shown query={standing} bones={<Bones rows={1} height={104} />}>
          {({ workspace }) =>
            workspace && (
              <>
                {workspace.credits.balance <= 0 && (
                  <OutOfCredits workspaceId={workspaceId} title={t("credits.askTitle")} />
                )}
                <Standing period={period} credits={workspace.credits} />
              </>
            )
          }
        </Shown>
        <Panel>
          <div className={classes.chartHead}>
            <h2>{t("credits.overTime")}</h2>
            <SegmentedControl
              aria-label={t("credits.period")}
              size="xs"
              value={period}
              onChange={(value) => onFilter({ period: value === "month" ? undefined : (value as Period) })}
              data={PERIODS.map((value) => ({ value, label: t(`credits.period_${value}`) }))}
            />
          </div>
          <Shown query={overTime} bones={<Bones rows={1} height={230} />}>
            {(activity) => <OverTime period={period} activity={activity} />}
          </Shown>
        </Panel>
        <Ledger {...props} />
      </div>
    </Page>
  );
}

function useCredits(workspaceId: string, period: Period) {
  const hour = useHour();
  const stretches = useMemo(() => bucketsOf(period, new Date(hour * 3_600_000)), [period, hour]);
  const [totals, ledger, activity] = [useReread(CREDITS), useReread(LEDGER), useReread(CREDITS_OVER_TIME)];
  const again = useThrottled(() => {
    totals();
    ledger();
    activity();
  }, CALM);
  useLive(CREDITS_CHANGED, { workspaceId }, again);
  const standing = useAsk(CREDITS, { workspaceId, since: stretches[0]?.since ?? "" });
  const overTime = useQuery<Bucket[], ApiError>({
    queryKey: [...keyOf(CREDITS_OVER_TIME), workspaceId, stretches],
    queryFn: async () => {
      const asked = stretches.map((stretch) => ask(CREDITS_OVER_TIME, { workspaceId, ...stretch }));
      return (await Promise.all(asked)).flatMap(({ workspace }) => workspace?.activity ?? []);
    },
  });
  return { standing, overTime };
}

type Bucket = NonNullable<CreditsOverTimeQuery["workspace"]>["activity"][number];
type Workspace = NonNullable<CreditsQuery["workspace"]>;

/** What is left, what is bound, and what moved in the period. */
function Standing({ period, credits }: { period: Period; credits: Workspace["credits"] }) {
  const { t, format } = useI18n();
  const within = { period: t(`credits.period_${period}`) };
  const { balance, queued, totals } = credits;
  return (
    <dl className={classes.tiles}>
      <Tile name={t("credits.balance")} value={format.number(balance)} empty={balance === 0}>
        {t(balance === 0 ? "credits.balanceEmpty" : "credits.balanceHint")}
      </Tile>
      <Tile name={t("credits.queued")} value={format.number(queued)}>
        {t("credits.queuedHint")}
      </Tile>
      <Tile name={t("credits.spent", within)} value={format.number(totals.charged - totals.restored)}>
        {t("credits.spentHint", { charged: totals.charged, restored: totals.restored })}
      </Tile>
      <Tile name={t("credits.granted", within)} value={format.number(totals.granted + totals.adjusted)}>
        {totals.adjusted < 0 && t("credits.grantedHint")}
      </Tile>
    </dl>
  );
}

interface TileProps {
  name: string;
  value: string;
  empty?: boolean;
  children: ReactNode;
}

function Tile({ name, value, empty = false, children }: TileProps) {
  return (
    <div className={classes.tile} data-empty={empty || undefined}>
      <dt>{name}</dt>
      <dd className={classes.value}>{value}</dd>
      {children && <dd className={classes.small}>{children}</dd>}
    </div>
  );
}

function OverTime({ period, activity }: { period: Period; activity: Bucket[] }) {
  const { t, format } = useI18n();
  return (
    <Chart
      label={t("credits.overTime")}
      quiet={t("credits.quiet")}
      places={activity.map(({ at }) => (period === "day" ? format.time(at) : format.date(at)))}
      series={[
        {
          name: t("credits.charged"),
          tone: "main",
          values: activity.map(({ chargedCredits }) => chargedCredits),
        },
        {
          name: t("credits.restored"),
          tone: "second",
          values: activity.map(({ restoredCredits }) => restoredCredits),
        },
      ]}
    />
  );
}
