import { VisuallyHidden } from "@mantine/core";
import { type PointerEvent, useState } from "react";
import { useI18n } from "@/i18n";
import { type Bucket, type Range, totalOf } from "./activity";
import classes from "./chart.module.css";

const WIDTH = 1_000;
const HEIGHT = 180;
const SERIES = ["accepted", "sent", "failed"] as const;

interface Props {
  buckets: Bucket[];
  range: Range;
}

/** Sent and failed as columns, accepted as a line over them. Its values are read under the pointer or by arrow keys. */
export default function Chart({ buckets, range }: Props) {
  const { t, format } = useI18n();
  const [chosen, choose] = useState<number>();
  const top = topOf(buckets);
  const point = chosen === undefined ? undefined : buckets[chosen];
  const follow = (event: PointerEvent<HTMLDivElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    const index = Math.floor(((event.clientX - left) / width) * buckets.length);
    choose(Math.min(Math.max(index, 0), buckets.length - 1));
  };
  const said = (bucket: Bucket) =>
    `${format.short(bucket.at)}: ${SERIES.map((name) => `${t(`overview.${name}`)} ${bucket[name]}`).join(", ")}`;
  const quiet = SERIES.every((name) => totalOf(buckets, name) === 0);
  return (
    <figure className={classes.chart}>
      <Legend buckets={buckets} point={point} />
      <div className={classes.area} onPointerMove={follow} onPointerLeave={() => choose(undefined)}>
        <span className={classes.top}>{format.number(top)}</span>
        <Columns buckets={buckets} top={top} chosen={chosen} />
        {quiet && (
          <div className={classes.quiet}>
            <span>{t("overview.chartQuiet")}</span>
          </div>
        )}
      </div>
      <VisuallyHidden>
        <input
          type="range"
          min={0}
          max={buckets.length - 1}
          value={chosen ?? buckets.length - 1}
          aria-label={t("overview.chartPoint")}
          aria-valuetext={buckets.length > 0 ? said(point ?? (buckets.at(-1) as Bucket)) : undefined}
          onChange={(event) => choose(Number(event.currentTarget.value))}
          onBlur={() => choose(undefined)}
        />
      </VisuallyHidden>
      <Axis buckets={buckets} range={range} />
    </figure>
  );
}

/** A round number at or above the highest column. */
function topOf(buckets: Bucket[]): number {
  const highest = Math.max(
    ...buckets.map(({ accepted, sent, failed }) => Math.max(accepted, sent + failed)),
    4,
  );
  const power = 10 ** Math.floor(Math.log10(highest));
  return Math.ceil(highest / (power / 2)) * (power / 2);
}

interface ColumnsProps {
  buckets: Bucket[];
  top: number;
  chosen: number | undefined;
}

function Columns({ buckets, top, chosen }: ColumnsProps) {
  const { t } = useI18n();
  const step = WIDTH / Math.max(buckets.length, 1);
  const high = (count: number) => (count / top) * HEIGHT;
  const label = t("overview.chartLabel", {
    accepted: totalOf(buckets, "accepted"),
    sent: totalOf(buckets, "sent"),
    failed: totalOf(buckets, "failed"),
  });
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}>
      {[0, 0.5, 1].map((part) => (
        <line key={part} x1={0} x2={WIDTH} y1={part * HEIGHT} y2={part * HEIGHT} className={classes.grid} />
      ))}
      {chosen !== undefined && (
        <rect x={chosen * step} y={0} width={step} height={HEIGHT} className={classes.chosen} />
      )}
      {buckets.map(({ at, sent, failed }, index) => (
        <g key={at}>
          <rect {...column(index, step, high(sent), 0)} className={classes.sent} />
          <rect {...column(index, step, high(failed), high(sent))} className={classes.failed} />
        </g>
      ))}
      <path d={lineOf(buckets, step, high)} className={classes.accepted} />
    </svg>
  );
}

function column(index: number, step: number, height: number, from: number) {
  const gap = Math.min(step * 0.25, 6);
  return { x: index * step + gap / 2, y: HEIGHT - from - height, width: step - gap, height };
}

/** A line in steps: it is as high as each bucket, as wide as it. */
function lineOf(buckets: Bucket[], step: number, high: (count: number) => number): string {
  return buckets
    .map(({ accepted }, index) => {
      const y = HEIGHT - high(accepted);
      return `${index === 0 ? "M" : "L"}${index * step} ${y}H${(index + 1) * step}`;
    })
    .join("");
}

function Legend({ buckets, point }: { buckets: Bucket[]; point: Bucket | undefined }) {
  const { t, format } = useI18n();
  return (
    <figcaption className={classes.legend}>
      {SERIES.map((name) => (
        <span key={name} className={classes.entry}>
          <span className={classes.key} data-series={name} />
          {t(`overview.${name}`)}
          <strong>{format.number(point ? point[name] : totalOf(buckets, name))}</strong>
        </span>
      ))}
      {point && <span className={classes.when}>{format.short(point.at)}</span>}
    </figcaption>
  );
}

/** Five moments, from the first to the last. */
function Axis({ buckets, range }: Props) {
  const { format } = useI18n();
  const write = range === "hour" || range === "day" ? format.time : format.date;
  const marks = [0, 0.25, 0.5, 0.75, 1].map((part) => buckets[Math.round(part * (buckets.length - 1))]);
  return (
    <div className={classes.axis} aria-hidden="true">
      {marks.map((bucket) => bucket && <span key={bucket.at}>{write(bucket.at)}</span>)}
    </div>
  );
}
