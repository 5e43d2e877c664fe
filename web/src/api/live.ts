import { useQueryClient } from "@tanstack/react-query";
import { type Client, createClient } from "graphql-ws";
import { useEffect, useRef } from "react";
import type { TypedDocumentString } from "@/gql/graphql";
import { nameOf } from "./name";
import { accessToken } from "./session";

/** How long after its request a subscription has begun, in milliseconds: the server does not say so. */
const BEGUN = 500;

let client: Client | undefined;
let isConnected = false;
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
        isConnected = true;
      },
      closed: () => {
        isConnected = false;
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

/**
 * Calls back at each event while the component is shown. `null` variables: not now. What happened between reading and the
 * first event is nobody's event: `onBegun` is where to read it again.
 */
export function useLive<Data, Variables extends Record<string, unknown>>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables | null,
  onEvent: (data: Data) => void,
  onBegun?: () => void,
): void {
  const latest = useRef({ onEvent, onBegun });
  latest.current = { onEvent, onBegun };
  const key = JSON.stringify(variables);
  useEffect(() => {
    const parsed: Variables | null = JSON.parse(key);
    if (!parsed) return;
    const stopWaiting = onceBegun(() => latest.current.onBegun?.());
    const unsubscribe = socket().subscribe<Data>(
      { operationName: nameOf(document), query: document.toString(), variables: parsed },
      {
        next: ({ data }) => data && latest.current.onEvent(data),
        // What was missed is read again every half minute.
        error: () => {},
        complete: () => {},
      },
    );
    return () => {
      stopWaiting();
      unsubscribe();
    };
  }, [document, key]);
}

/** Calls once a subscription that is asked for now has begun; returns how to call it off. */
function onceBegun(call: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const wait = () => {
    timer ??= setTimeout(call, BEGUN);
  };
  if (isConnected) wait();
  const unlisten = socket().on("connected", wait);
  return () => {
    clearTimeout(timer);
    unlisten();
  };
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
