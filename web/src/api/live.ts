import { useQueryClient } from "@tanstack/react-query";
import { type Client, createClient } from "graphql-ws";
import { useEffect, useRef } from "react";
import type { TypedDocumentString } from "@/gql/graphql";
import { nameOf } from "./name";
import { heard, onReturn, socketClosed } from "./reach";
import { accessToken } from "./session";

/** How long after its request a subscription has begun, in milliseconds: the server does not say so. */
const BEGUN = 500;
/** A subscription that lived so long, in milliseconds, was well; one that ends sooner is asked for more slowly. */
const WELL = 30_000;
/** How long an answer to a ping may take, in milliseconds. */
const PONG = 10_000;

let client: Client | undefined;
let isConnected = false;
const reconnected = new Set<() => void>();

function socket(): Client {
  client ??= open();
  return client;
}

/** A pause before the next attempt, in milliseconds: longer each time, and never the same for all. */
function backOff(attempts: number): number {
  return Math.min(1_000 * 2 ** attempts, 15_000) * (0.5 + Math.random() / 2);
}

function open(): Client {
  let before = false;
  let unanswered: ReturnType<typeof setTimeout> | undefined;
  const opened = createClient({
    url: `${location.origin.replace(/^http/, "ws")}/graphql/ws`,
    connectionParams: async () => ({ Authorization: `Bearer ${await accessToken()}` }),
    lazy: true,
    keepAlive: 15_000,
    retryAttempts: Number.POSITIVE_INFINITY,
    // The server closes when the token runs out; the next connection brings a new one.
    shouldRetry: () => true,
    retryWait: (retries) => new Promise((resolve) => setTimeout(resolve, backOff(retries))),
    on: {
      connected: () => {
        if (before) for (const listener of reconnected) listener();
        before = true;
        isConnected = true;
        heard();
      },
      // A connection that is gone without a word, as after a computer slept, closes only when somebody asks.
      ping: (received) => {
        if (!received) unanswered = setTimeout(() => opened.terminate(), PONG);
      },
      pong: (received) => {
        if (received) clearTimeout(unanswered);
      },
      closed: (event) => {
        clearTimeout(unanswered);
        isConnected = false;
        // 1000: nothing that is shown wants events any more.
        if ((event as CloseEvent).code !== 1000) socketClosed();
      },
    },
  });
  return opened;
}

/** Closes the socket, so that the next person's events come with the next person's token. */
export async function hangUp(): Promise<void> {
  const old = client;
  client = undefined;
  try {
    await old?.dispose();
  } catch {
    // It was still about to open, and has given that up.
  }
}

/**
 * Calls back at each event while the component is shown. `null` variables: not now. What happened between reading and the
 * first event is nobody's event: `onBegun` is where to read it again. Where the server ends it, as after more events than
 * a slow reader could take, it is asked for again, and what is shown is read again.
 */
export function useLive<Data, Variables extends Record<string, unknown>>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables | null,
  onEvent: (data: Data) => void,
  onBegun?: () => void,
): void {
  const queries = useQueryClient();
  const latest = useRef({ onEvent, onBegun });
  latest.current = { onEvent, onBegun };
  const key = JSON.stringify(variables);
  useEffect(() => {
    const parsed: Variables | null = JSON.parse(key);
    if (!parsed) return;
    return kept<Data>(
      { operationName: nameOf(document), query: document.toString(), variables: parsed },
      {
        event: (data) => latest.current.onEvent(data),
        begun: () => latest.current.onBegun?.(),
        again: () => void queries.invalidateQueries(),
      },
    );
  }, [document, key, queries]);
}

interface Listener<Data> {
  event: (data: Data) => void;
  begun: () => void;
  /** It had ended, and has begun again: events may have been missed. */
  again: () => void;
}

/** A subscription that is asked for until it is called off, however often the server ends it. */
function kept<Data>(request: Parameters<Client["subscribe"]>[0], listener: Listener<Data>): () => void {
  let attempts = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let stop = () => {};
  const ask = () => {
    const asked = Date.now();
    let isOver = false;
    const over = () => {
      if (isOver) return;
      isOver = true;
      stopWaiting();
      if (Date.now() - asked > WELL) attempts = 0;
      timer = setTimeout(ask, backOff(attempts));
      attempts += 1;
    };
    const stopWaiting = onceBegun(attempts > 0 ? listener.again : listener.begun);
    const unsubscribe = socket().subscribe<Data>(request, {
      next: ({ data }) => data && listener.event(data),
      error: over,
      complete: over,
    });
    stop = () => {
      isOver = true;
      stopWaiting();
      unsubscribe();
    };
  };
  ask();
  return () => {
    clearTimeout(timer);
    stop();
  };
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
    const stopListening = onReturn(reread);
    return () => {
      reconnected.delete(reread);
      stopListening();
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
