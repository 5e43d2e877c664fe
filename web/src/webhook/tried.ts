import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { Answered } from "./answer";
import { type Draft, EMPTY } from "./request";

/** What *Try it* holds: the request, and what came of the last one. */
interface Tried {
  draft: Draft;
  answered?: Answered;
}

const NOTHING: Tried = { draft: EMPTY };

/**
 * Kept while the dashboard is open, so that one may look at the message and come back. It goes with the cache when
 * somebody logs out.
 */
export function useTried(workspaceId: string): [Tried, (change: Partial<Tried>) => void] {
  const queries = useQueryClient();
  const queryKey = ["what was tried", workspaceId];
  const { data = NOTHING } = useQuery<Tried>({
    queryKey,
    enabled: false,
    gcTime: Number.POSITIVE_INFINITY,
    initialData: NOTHING,
  });
  const keep = (change: Partial<Tried>) =>
    queries.setQueryData<Tried>(queryKey, (before = NOTHING) => ({ ...before, ...change }));
  return [data, keep];
}
