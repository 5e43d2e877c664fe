import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { Answered } from "./answer";
import { type Draft, EMPTY } from "./request";

/** What *Try it* holds: the request, and what came of the last one. */
export interface Tried {
  draft: Draft;
  answered?: Answered;
}

/**
 * Kept while the dashboard is open, so that one may look at the message and come back. It goes with the cache when
 * somebody logs out.
 */
export function useTried(workspaceId: string): [Tried, (change: Partial<Tried>) => void] {
  const queries = useQueryClient();
  const queryKey = ["what was tried", workspaceId];
  // Fields need what is typed at once, which the cache tells a moment later.
  const [tried, set] = useState(() => queries.getQueryData<Tried>(queryKey) ?? { draft: EMPTY });
  // An answer comes later, when more may have been typed.
  const latest = useRef(tried);
  const keep = (change: Partial<Tried>) => {
    latest.current = { ...latest.current, ...change };
    set(latest.current);
    queries.setQueryDefaults(queryKey, { gcTime: Number.POSITIVE_INFINITY });
    queries.setQueryData(queryKey, latest.current);
  };
  return [tried, keep];
}
