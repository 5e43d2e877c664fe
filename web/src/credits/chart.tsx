import { useState } from "react";
import { useI18n } from "@/i18n";
import classes from "./chart.module.css";

export interface Series {
  name: string;
  tone: "main" | "second";
  values: number[];
}

interface Props {
  label: string;
  /** What each place on the axis is called; as many as there are values. */
  places: string[];
  series: Series[];
}

/** The drawing's height, in its own units; its width is one unit per place. */
const HEIGHT = 100;
/** So many places are named on the axis, at most. */
const NAMED = 6;

/** Bars side by side. Pointing at a place reads it out; the same numbers stand in a table below. */
export function Chart({ label, places, series }: Props) {
  const { format } = useI18n();
  const [at, setAt] = useState<number | null>(null);
  const top = ceiling(Math.max(...series.flatMap(({ values }) => values), 0));
  return (
    <figure className={classes.chart}>
      <Legend series={series} at={at} place={at === null ? undefined : places[at]} />
      <div className={classes.plot}>
        <div className={classes.scale} aria-hidden="true">
          {[top, top / 2, 0].map((value) => (
            <span key={value}>{format.number(value)}</span>
          ))}
        </div>
        <div className={classes.drawing}>
          <svg
            role="img"
            aria-label={label}
            viewBox={`0 0 ${places.length} ${HEIGHT}`}
            preserveAspectRatio="none"
            onPointerMove={({ clientX, currentTarget }) => {
              const { left, width } = currentTarget.getBoundingClientRect();
              const place = Math.floor(((clientX - left) / width) * places.length);
              setAt(Math.min(Math.max(place, 0), places.length - 1));
            }}
            onPointerLeave={() => setAt(null)}
          >
            {at !== null && <rect className={classes.here} x={at} y={0} width={1} height={HEIGHT} />}
            {series.map((each, index) => (
              <Bars key={each.name} series={each} top={top} index={index} of={series.length} />
            ))}
          </svg>
          <Names places={places} />
        </div>
      </div>
      <Numbers label={label} places={places} series={series} />
    </figure>
  );
}

function Bars({ series, top, index, of }: { series: Series; top: number; index: number; of: number }) {
  const width = 0.72 / of;
  return (
    <g className={classes[series.tone]}>
      {series.values.map((value, place) => {
        const height = (value / top) * HEIGHT;
        const x = place + 0.14 + index * width;
        // biome-ignore lint/suspicious/noArrayIndexKey: a place is its index
        return <rect key={place} x={x} y={HEIGHT - height} width={width * 0.92} height={height} />;
      })}
    </g>
  );
}

function Legend({ series, at, place }: { series: Series[]; at: number | null; place?: string }) {
  const { format } = useI18n();
  return (
    <figcaption className={classes.legend}>
      {series.map(({ name, tone, values }) => (
        <span key={name}>
          <i data-tone={tone} aria-hidden="true" /> {name}{" "}
          <b>{format.number(at === null ? sum(values) : (values[at] ?? 0))}</b>
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
            <span key={place} style={{ left: `${((index + 0.5) / places.length) * 100}%` }}>
              {place}
            </span>
          ),
      )}
    </div>
  );
}

function Numbers({ label, places, series }: Props) {
  const { t, format } = useI18n();
  return (
    <details className={classes.numbers}>
      <summary>{t("credits.asTable")}</summary>
      <table>
        <caption>{label}</caption>
        <thead>
          <tr>
            <th scope="col">{t("credits.when")}</th>
            {series.map(({ name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {places.map((place, index) => (
            <tr key={place}>
              <th scope="row">{place}</th>
              {series.map(({ name, values }) => (
                <td key={name}>{format.number(values[index] ?? 0)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </details>
  );
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** The smallest 2, 4 or 10 × 10ⁿ that is not below `value`: its half is whole. */
export function ceiling(value: number): number {
  for (let size = 1; ; size *= 10) {
    const found = [2, 4, 10].find((step) => step * size >= value);
    if (found) return found * size;
  }
}
