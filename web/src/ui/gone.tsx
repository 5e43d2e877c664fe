import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { ApiError } from "@/api/errors";
import { Empty } from "./shown";

/** Whether what was asked for is not there (any more), or is another workspace's. */
export function isGone({ error }: Pick<UseQueryResult<unknown, ApiError>, "error">): boolean {
  return error?.code === "NOT_FOUND";
}

interface Props {
  title: string;
  hint: string;
  /** A `Back` to the list that it stood in. */
  back: ReactNode;
}

/** The whole page of what is gone. */
export function Gone({ title, hint, back }: Props) {
  return <Empty whole title={title} hint={hint} action={back} />;
}
