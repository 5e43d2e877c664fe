import { Button } from "@mantine/core";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useI18n } from "@/i18n";
import classes from "./table.module.css";

export interface Column<Row> {
  key: string;
  header: string;
  /** A track of CSS grid, such as `140px` or `minmax(0, 2fr)`. */
  width: string;
  /** Where it stands on a phone's card: its first line's left or right, a line of its own, or nowhere. */
  phone: "title" | "aside" | "line" | "hidden";
  end?: boolean;
  /** Whether it is left out where the window is not wide. */
  wide?: boolean;
  cell: (row: Row) => ReactNode;
}

interface Props<Row> {
  label: string;
  columns: Column<Row>[];
  rows: Row[];
  rowKey: (row: Row) => string;
  /** For endless lists. */
  more?: { has: boolean; loading: boolean; load: () => void };
}

/** Rows of one height or another are measured; this is the first guess, in pixels. */
const GUESS = 47;
const OVERSCAN = 12;

/**
 * A dense table that becomes cards on a phone, and draws only the rows in sight: it stays fast at any length.
 * In one cell of each row put a `RowLink`; all of the row is then clickable.
 */
export function Table<Row>({ label, columns, rows, rowKey, more }: Props<Row>) {
  const body = useRef<HTMLDivElement>(null);
  const offset = useTop(body);
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => GUESS,
    overscan: OVERSCAN,
    scrollMargin: offset,
    getItemKey: (index) => keyAt(rows, index, rowKey),
  });
  const shown = virtual.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useLoadAtEnd(last >= rows.length - OVERSCAN - 1, more);
  const tracks = tracksOf(columns);
  const fewer = tracksOf(columns.filter(({ wide }) => !wide));
  return (
    <div
      className={classes.table}
      role="table"
      aria-label={label}
      aria-rowcount={rows.length + 1}
      ref={(node) => {
        node?.style.setProperty("--tracks", tracks);
        node?.style.setProperty("--fewer-tracks", fewer);
      }}
    >
      <div role="row" className={classes.head} aria-rowindex={1}>
        {columns.map((column) => (
          <span
            key={column.key}
            role="columnheader"
            data-wide={column.wide}
            className={column.end ? classes.end : undefined}
          >
            {column.header}
          </span>
        ))}
      </div>
      <div ref={body} className={classes.body} role="rowgroup" style={{ height: virtual.getTotalSize() }}>
        {shown.map((item) => {
          const row = rows[item.index];
          return (
            row !== undefined && (
              <div
                key={item.key}
                ref={virtual.measureElement}
                data-index={item.index}
                role="row"
                aria-rowindex={item.index + 2}
                className={classes.row}
                style={{ transform: `translateY(${item.start - virtual.options.scrollMargin}px)` }}
              >
                {columns.map((column) => (
                  <Cell key={column.key} column={column} row={row} />
                ))}
              </div>
            )
          );
        })}
      </div>
      {more && rows.length > 0 && <Foot more={more} />}
    </div>
  );
}

/** How far below the page's top it begins, in pixels; what stands above it may come later, and grow. */
function useTop(of: RefObject<HTMLElement | null>): number {
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const measure = () => {
      if (of.current) setTop(Math.round(of.current.getBoundingClientRect().top + window.scrollY));
    };
    measure();
    const grown = new ResizeObserver(measure);
    grown.observe(document.body);
    return () => grown.disconnect();
  }, [of]);
  return top;
}

function tracksOf<Row>(columns: Column<Row>[]): string {
  return columns.map(({ width }) => width).join(" ");
}

function Cell<Row>({ column, row }: { column: Column<Row>; row: Row }) {
  return (
    <div
      role="cell"
      data-phone={column.phone}
      data-wide={column.wide}
      className={column.end ? `${classes.cell} ${classes.end}` : classes.cell}
    >
      {column.cell(row)}
    </div>
  );
}

function Foot({ more }: { more: NonNullable<Props<unknown>["more"]> }) {
  const { t } = useI18n();
  return (
    <div className={classes.foot}>
      {more.has ? (
        <Button variant="subtle" size="compact-sm" loading={more.loading} onClick={more.load}>
          {t("common.loadMore")}
        </Button>
      ) : (
        t("common.end")
      )}
    </div>
  );
}

function useLoadAtEnd(atEnd: boolean, more: Props<unknown>["more"]): void {
  const wanted = atEnd && more?.has && !more.loading;
  useEffect(() => {
    if (wanted) more?.load();
  }, [wanted, more]);
}

function keyAt<Row>(rows: Row[], index: number, rowKey: (row: Row) => string): string {
  const row = rows[index];
  return row === undefined ? String(index) : rowKey(row);
}
