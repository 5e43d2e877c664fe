import { VisuallyHidden } from "@mantine/core";
import { type PointerEvent, useState } from "react";
import { useI18n } from "@/i18n";
import classes from "./chart.module.css";

interface Series {
  name: string;
  tone: "good" | "bad" | "line" | "main" | "second";
  values: number[];
}

interface Props {
  label: string;
  /** What each place on the axis is called; as many as there are values. */
  places: string[];
  /** The same, short enough for the axis. */
  axis?: string[];
  /** Columns, but for the tone `line`, which is drawn over them. */
  series: Series[];
  /** Whether columns stand on each other, instead of beside each other. */
  stacked?: boolean;
  /** Said in the middle while there is nothing to draw. */
  quiet?: string;
}

/** The drawing's height, in its own units; its width is one unit per place. */
const HEIGHT = 100;
/** A line that is so many times as high as the columns has a scale of its own. */
const FLATTENED = 2;
/** So many places are named on the axis, at most. */
const NAMED = 6;

/** Counts over time. A place is read out under the pointer or by arrow keys; the numbers stand in a table below, too. */
export default function Chart({ label, places, axis = places, series, stacked = false, quiet }: Props) {
  const { t, format } = useI18n();
  const [at, choose] = useState<number>();
  const columns = highest(columnsOf(series), places.length, stacked);
  const lines = highest(linesOf(series), places.length, false);
  // A burst that lines tell of would flatten the columns: then they have a scale of their own, at the right.
  const apart = columns > 0 && lines > columns * FLATTENED;
  const top = ceiling(apart ? columns : Math.max(columns, lines));
  const lineTop = apart ? ceiling(lines) : top;
  const follow = ({ clientX, currentTarget }: PointerEvent) => {
    const { left, width } = currentTarget.getBoundingClientRect();
    const place = Math.floor(((clientX - left) / width) * places.length);
    choose(Math.min(Math.max(place, 0), places.length - 1));
  };
  const last = places.length - 1;
  const told = series.map(({ name, values }) => `${name} ${format.number(values[at ?? last] ?? 0)}`);
  return (
    <figure className={classes.chart}>
      <Legend series={series} at={at} place={at === undefined ? undefined : places[at]} />
      <div className={classes.plot}>
        <div className={classes.scale} aria-hidden="true">
          {[top, top / 2, 0].map((value) => (
            <span key={value}>{format.number(value)}</span>
          ))}
        </div>
        <div className={classes.drawing} onPointerMove={follow} onPointerLeave={() => choose(undefined)}>
          <Drawing
            label={label}
            count={places.length}
            series={series}
            stacked={stacked}
            top={top}
            lineTop={lineTop}
            at={at}
          />
          {quiet && series.every(({ values }) => sum(values) === 0) && (
            <p className={classes.quiet}>
              <span>{quiet}</span>
            </p>
          )}
          <Names places={axis} />
        </div>
        {lineTop > top && (
          <div className={classes.lineScale} aria-hidden="true">
            {[lineTop, lineTop / 2, 0].map((value) => (
              <span key={value}>{format.number(value)}</span>
            ))}
          </div>
        )}
      </div>
      <VisuallyHidden>
        <input
          type="range"
          min={0}
          max={Math.max(last, 0)}
          value={at ?? Math.max(last, 0)}
          aria-label={t("common.chartPoint")}
          aria-valuetext={`${places[at ?? last] ?? ""}: ${told.join(", ")}`}
          onChange={(event) => choose(Number(event.currentTarget.value))}
          onBlur={() => choose(undefined)}
        />
      </VisuallyHidden>
      <Numbers label={label} places={places} series={series} />
    </figure>
  );
}

interface DrawingProps {
  label: string;
  count: number;
  series: Series[];
  stacked: boolean;
  top: number;
  lineTop: number;
  at: number | undefined;
}

function Drawing({ label, count, series, stacked, top, lineTop, at }: DrawingProps) {
  const columns = columnsOf(series);
  return (
    <svg role="img" aria-label={label} viewBox={`0 0 ${count} ${HEIGHT}`} preserveAspectRatio="none">
      {at !== undefined && <rect className={classes.here} x={at} y={0} width={1} height={HEIGHT} />}
      {columns.map(({ name, tone, values }, index) => (
        <g key={name} className={classes[tone]}>
          {values.map((value, place) => {
            const below = stacked ? sum(columns.slice(0, index).map((each) => each.values[place] ?? 0)) : 0;
            const beside = stacked ? { index: 0, of: 1 } : { index, of: columns.length };
            // biome-ignore lint/suspicious/noArrayIndexKey: a place is its index
            return <rect key={place} {...column(place, value / top, below / top, beside)} />;
          })}
        </g>
      ))}
      {series.map(
        ({ name, tone, values }) =>
          tone === "line" && <path key={name} className={classes.line} d={through(values, lineTop)} />,
      )}
    </svg>
  );
}

/** A column's place and size; `share` and `below` are parts of the whole height. */
function column(place: number, share: number, below: number, { index, of }: { index: number; of: number }) {
  const width = 0.76 / of;
  const height = share * HEIGHT;
  return {
    x: place + 0.12 + index * width,
    y: HEIGHT - below * HEIGHT - height,
    width: of > 1 ? width * 0.92 : width,
    height,
  };
}

/** A line through the middle of each place, as high as its value. */
function through(values: number[], top: number): string {
  return values
    .map((value, place) => `${place === 0 ? "M" : "L"}${place + 0.5} ${HEIGHT - (value / top) * HEIGHT}`)
    .join("");
}

function columnsOf(series: Series[]): Series[] {
  return series.filter(({ tone }) => tone !== "line");
}

function linesOf(series: Series[]): Series[] {
  return series.filter(({ tone }) => tone === "line");
}

function Legend({ series, at, place }: { series: Series[]; at: number | undefined; place?: string }) {
  const { format } = useI18n();
  return (
    <figcaption className={classes.legend}>
      {series.map(({ name, tone, values }) => (
        <span key={name}>
          <i data-tone={tone} aria-hidden="true" /> {name}{" "}
          <b>{format.number(at === undefined ? sum(values) : (values[at] ?? 0))}</b>
        </span>
      ))}
      <span className={classes.place}>{place}</span>
    </figcaption>
  );
}

/** Each under its place; the newest at the edge, and those before it at even steps. */
function Names({ places }: { places: string[] }) {
  const step = Math.ceil(places.length / NAMED);
  const last = places.length - 1;
  return (
    <div className={classes.names} aria-hidden="true">
      {places.map(
        (place, index) =>
          (last - index) % step === 0 && (
            // biome-ignore lint/suspicious/noArrayIndexKey: a place is its index
            <span key={index} style={{ left: `${((index + 0.5) / places.length) * 100}%` }}>
              {place}
            </span>
          ),
      )}
    </div>
  );
}

function Numbers({ label, places, series }: Pick<Props, "label" | "places" | "series">) {
  const { t, format } = useI18n();
  const [opened, setOpened] = useState(false);
  return (
    <details className={classes.numbers} onToggle={(event) => setOpened(event.currentTarget.open)}>
      <summary>{t("common.chartTable")}</summary>
      {opened && (
        <table>
          <caption>{label}</caption>
          <thead>
            <tr>
              <th scope="col">{t("common.chartWhen")}</th>
              {series.map(({ name }) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {places.map((place, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a place is its index
              <tr key={index}>
                <th scope="row">{place}</th>
                {series.map(({ name, values }) => (
                  <td key={name}>{format.number(values[index] ?? 0)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </details>
  );
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** The highest point of what is drawn. */
function highest(series: Series[], count: number, stacked: boolean): number {
  if (!stacked) return Math.max(...series.flatMap(({ values }) => values), 0);
  const piles = Array.from({ length: count }, (_, place) =>
    sum(series.map(({ values }) => values[place] ?? 0)),
  );
  return Math.max(...piles, 0);
}

/** The smallest even digit or 10, × 10ⁿ, that is not below `value`: its half is whole. */
export function ceiling(value: number): number {
  for (let size = 1; ; size *= 10) {
    const found = [2, 4, 6, 8, 10].find((step) => step * size >= value);
    if (found) return found * size;
  }
}
