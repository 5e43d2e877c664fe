import { Alert, SegmentedControl } from "@mantine/core";
import { IconWebhookOff } from "@tabler/icons-react";
import { useBeats } from "@/accounts/beats";
import { useLive, useThrottled } from "@/api/live";
import { useAsk, useReread } from "@/api/query";
import type { OverviewQuery } from "@/gql/graphql";
import { useI18n } from "@/i18n";
import { lazyWithRetry } from "@/ui/lazy";
import { Link } from "@/ui/link";
import { Page, Panel } from "@/ui/page";
import { Bones, Shown } from "@/ui/shown";
import { useHour } from "@/ui/time";
import { CALLED } from "@/webhook/documents";
import { type Bucket, RANGE_NAMES, type Range, totalOf, useActivity } from "./activity";
import { CREDITS_CHANGED, OVERVIEW } from "./documents";
import { Lanes } from "./lanes";
import { Now } from "./now";
import classes from "./page.module.css";
import { Start } from "./start";
import { Trouble } from "./trouble";

const Chart = lazyWithRetry(() => import("@/ui/chart"), <Bones rows={1} height={210} />);

/** However much happens, it is read at most this often, in milliseconds. */
const CALM = 1_000;

export type Overviewed = NonNullable<OverviewQuery["workspace"]>;

interface Props {
  workspaceId: string;
  range: Range;
  onRange: (range: Range) => void;
}

/** What happens now in a workspace. */
export function OverviewPage({ workspaceId, range, onRange }: Props) {
  const { t } = useI18n();
  const since = useWeekAgo();
  const query = useAsk(OVERVIEW, { workspaceId, since });
  const reread = useThrottled(useReread(OVERVIEW, { workspaceId, since }), CALM);
  const beats = useBeats(workspaceId, reread);
  useLive(CREDITS_CHANGED, { workspaceId }, reread);
  useLive(CALLED, { workspaceId }, reread);
  return (
    <Page title={t("overview.title")} hint={t("overview.hint")}>
      <Shown query={query} bones={<Bones rows={5} height={88} />}>
        {({ workspace }) =>
          workspace && (
            <div className={classes.stack} data-figures>
              {isNew(workspace) && <Start workspaceId={workspaceId} workspace={workspace} />}
              {workspace.incomingWebhook.urlCreatedAt && !workspace.incomingWebhook.enabled && (
                <Off workspaceId={workspaceId} />
              )}
              <Now workspaceId={workspaceId} workspace={workspace} />
              {(!isNew(workspace) || workspace.accounts.nodes.length > 0) && (
                <Lanes
                  workspaceId={workspaceId}
                  accounts={workspace.accounts.nodes}
                  total={workspace.accounts.totalCount}
                  beats={beats}
                />
              )}
              {!isNew(workspace) && <Activity {...{ workspaceId, range, onRange }} />}
              {(!isNew(workspace) || workspace.incomingWebhook.activations.length > 0) && (
                <Trouble workspaceId={workspaceId} workspace={workspace} since={since} />
              )}
            </div>
          )
        }
      </Shown>
    </Page>
  );
}

/** Where the last 7 days begin; it moves once an hour. */
function useWeekAgo(): string {
  const hour = useHour();
  return new Date((hour - 7 * 24) * 3_600_000).toISOString();
}

/** Nothing was ever accepted: what to do first matters more than what happens now. */
function isNew({ any }: Overviewed): boolean {
  return any.nodes.length === 0;
}

function Off({ workspaceId }: { workspaceId: string }) {
  const { t } = useI18n();
  return (
    <Alert color="yellow" icon={<IconWebhookOff size={18} />}>
      {t("overview.off")}{" "}
      <Link to="/w/$workspaceId/webhook" params={{ workspaceId }}>
        {t("overview.offAction")}
      </Link>
    </Alert>
  );
}

const RANGE_LABELS = {
  hour: "overview.rangeHour",
  day: "overview.rangeDay",
  week: "overview.rangeWeek",
  month: "overview.rangeMonth",
} as const;

function Activity({ workspaceId, range, onRange }: Props) {
  const { t } = useI18n();
  const query = useActivity(workspaceId, range);
  return (
    <Panel
      title={t("overview.activity")}
      actions={
        <SegmentedControl
          aria-label={t("overview.range")}
          size="xs"
          value={range}
          onChange={(value) => onRange(value as Range)}
          data={RANGE_NAMES.map((value) => ({ value, label: t(RANGE_LABELS[value]) }))}
        />
      }
    >
      <div className={classes.chart}>
        <Shown query={query} bones={<Bones rows={1} height={210} />}>
          {(buckets) => <Flow buckets={buckets} range={range} />}
        </Shown>
      </div>
    </Panel>
  );
}

const SERIES = [
  ["accepted", "line"],
  ["sent", "good"],
  ["failed", "bad"],
] as const;

/** Sent and failed as columns, accepted as a line over them. */
function Flow({ buckets, range }: { buckets: Bucket[]; range: Range }) {
  const { t, format } = useI18n();
  const [accepted, sent, failed] = SERIES.map(([name]) => totalOf(buckets, name));
  const short = range === "hour" || range === "day" ? format.time : format.date;
  return (
    <Chart
      label={t("overview.chartLabel", { accepted: accepted ?? 0, sent: sent ?? 0, failed: failed ?? 0 })}
      places={buckets.map(({ at }) => format.short(at))}
      axis={buckets.map(({ at }) => short(at))}
      series={SERIES.map(([name, tone]) => ({
        name: t(`overview.${name}`),
        tone,
        values: buckets.map((bucket) => bucket[name]),
      }))}
      stacked
      quiet={t("overview.chartQuiet")}
    />
  );
}
