import type { ReactNode } from "react";
import type { useAskMore } from "@/api/query";
import classes from "./endless.module.css";
import { Bones, Failed } from "./shown";
import { type Column, Table } from "./table";

interface Props<Row> {
  label: string;
  columns: Column<Row>[];
  /** What `useAskMore` gave. */
  list: Pick<
    ReturnType<typeof useAskMore<unknown, { after?: string | null }, Row>>,
    | "rows"
    | "isPending"
    | "isPlaceholderData"
    | "isSuccess"
    | "error"
    | "refetch"
    | "hasNextPage"
    | "isFetchingNextPage"
    | "fetchNextPage"
  >;
  bones?: ReactNode;
  /** Most have a few rows: no word is lost on their end. */
  short?: boolean;
  /** Shown where there are no rows. */
  nothing: ReactNode;
}

/** A list that reads on as one scrolls; until then its bones, why it could not be read, or that there is nothing. */
export function EndlessTable<Row extends { id: string }>({
  label,
  columns,
  list,
  bones = <Bones />,
  short = false,
  nothing,
}: Props<Row>) {
  if (list.rows.length > 0) {
    const more = {
      has: list.hasNextPage,
      loading: list.isFetchingNextPage,
      load: () => void list.fetchNextPage(),
    };
    const isOld = list.isPlaceholderData;
    return (
      <div className={isOld ? classes.old : undefined} aria-busy={isOld}>
        <Table
          label={label}
          columns={columns}
          rows={list.rows}
          rowKey={({ id }) => id}
          more={short && !more.has ? undefined : more}
        />
      </div>
    );
  }
  if (list.isPending) return bones;
  if (list.error) return <Failed error={list.error} retry={() => void list.refetch()} />;
  return nothing;
}
