import { useQueryClient } from "@tanstack/react-query";
import { type Client, createClient } from "graphql-ws";
import { useEffect, useRef } from "react";
import type { TypedDocumentString } from "@/gql/graphql";
import { nameOf } from "./name";
import { accessToken } from "./session";

let client: Client | undefined;
const reconnected = new Set<() => void>();

function socket(): Client {
  client ??= open();
  return client;
}

function open(): Client {
  let before = false;
  return createClient({
    url: `${location.origin.replace(/^http/, "ws")}/graphql/ws`,
    connectionParams: async () => ({ Authorization: `Bearer ${await accessToken()}` }),
    lazy: true,
    keepAlive: 15_000,
    retryAttempts: Number.POSITIVE_INFINITY,
    // The server closes when the token runs out; the next connection brings a new one.
    shouldRetry: () => true,
    retryWait: async (retries) => {
      const wait = Math.min(1_000 * 2 ** retries, 15_000) * (0.5 + Math.random() / 2);
      await new Promise((resolve) => setTimeout(resolve, wait));
    },
    on: {
      connected: () => {
        if (before) for (const listener of reconnected) listener();
        before = true;
      },
    },
  });
}

/** Closes the socket, so that the next person's events come with the next person's token. */
export async function hangUp(): Promise<void> {
  const old = client;
  client = undefined;
  await old?.dispose();
}

/** Calls back at each event while the component is shown. `null` variables: not now. */
export function useLive<Data, Variables extends Record<string, unknown>>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables | null,
  onEvent: (data: Data) => void,
): void {
  const latest = useRef(onEvent);
  latest.current = onEvent;
  const key = JSON.stringify(variables);
  useEffect(() => {
    const parsed: Variables | null = JSON.parse(key);
    if (!parsed) return;
    return socket().subscribe<Data>(
      { operationName: nameOf(document), query: document.toString(), variables: parsed },
      {
        next: ({ data }) => data && latest.current(data),
        // What was missed is read again every half minute.
        error: () => {},
        complete: () => {},
      },
    );
  }, [document, key]);
}

/** After a lost connection, whatever is shown is read again: events may have been missed. */
export function useRereadOnReconnect(): void {
  const queries = useQueryClient();
  useEffect(() => {
    const reread = () => void queries.invalidateQueries();
    reconnected.add(reread);
    return () => {
      reconnected.delete(reread);
    };
  }, [queries]);
}

/** `call`, at most once per `ms`, the last one not lost. */
export function useThrottled(call: () => void, ms: number): () => void {
  const latest = useRef(call);
  latest.current = call;
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  return () => {
    timer.current ??= setTimeout(() => {
      timer.current = undefined;
      latest.current();
    }, ms);
  };
}
