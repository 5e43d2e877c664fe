import type { UseQueryResult } from "@tanstack/react-query";
import type { ApiError } from "@/api/errors";

/** Whether what was asked for is not there (any more), or is another workspace's. */
export function isGone({ error }: Pick<UseQueryResult<unknown, ApiError>, "error">): boolean {
  return error?.code === "NOT_FOUND";
}
