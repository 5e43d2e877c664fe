import { useSyncExternalStore } from "react";

/** For so long the socket may be closed before anybody is told, in milliseconds: upgrades take less. */
const PATIENCE = 5_000;
/** While the service is gone, it is looked for this often, in milliseconds. */
const LOOK = 5_000;
/** So many readings in a row must fail. */
const FAILURES = 2;

/** When the service was last heard of, while it is gone. */
let lost: number | undefined;
/** When it first seemed to be. */
let suspected: number | undefined;
let failures = 0;
let timer: ReturnType<typeof setTimeout> | undefined;
const watching = new Set<() => void>();
const returning = new Set<() => void>();

function set(next: number | undefined): void {
  if (lost === next) return;
  const isBack = next === undefined;
  lost = next;
  for (const tell of watching) tell();
  if (isBack) for (const tell of returning) tell();
}

/** The service answered, or its socket opened. */
export function heard(): void {
  failures = 0;
  suspected = undefined;
  clearTimeout(timer);
  timer = undefined;
  set(undefined);
}

/** A reading failed for want of an answer; whether the service or only a part of it is gone, the next look tells. */
export function missed(): void {
  suspected ??= Date.now();
  failures += 1;
  if (failures >= FAILURES) look(0);
}

/** The socket closed; it tries again by itself. A network that lets no sockets through is no lost service. */
export function socketClosed(): void {
  suspected ??= Date.now();
  look(PATIENCE);
}

function look(after: number): void {
  timer ??= setTimeout(async () => {
    const served = await isServed();
    timer = undefined;
    if (suspected === undefined) return;
    if (served) return heard();
    set(suspected);
    look(LOOK);
  }, after);
}

/** Whether the service answers. */
export async function isServed(): Promise<boolean> {
  try {
    return (await fetch("/healthz", { cache: "no-store" })).ok;
  } catch {
    return false;
  }
}

/** Calls when the service is back: what happened meanwhile is to be read. */
export function onReturn(call: () => void): () => void {
  returning.add(call);
  return () => returning.delete(call);
}

/** Since when the service is gone, in milliseconds since 1970. */
export function useLostSince(): number | undefined {
  return useSyncExternalStore(
    (tell) => {
      watching.add(tell);
      return () => watching.delete(tell);
    },
    () => lost,
  );
}
