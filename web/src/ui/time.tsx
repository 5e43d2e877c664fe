import { useSyncExternalStore } from "react";
import { useI18n } from "@/i18n";

const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function listen(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of listeners) each();
  }, 1_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The present in milliseconds, which moves each second; one timer for the whole page. */
export function useNow(): number {
  return useSyncExternalStore(listen, () => now);
}

/** The hour that it is, counted from 1970: what moves with it is drawn again once an hour. */
export function useHour(): number {
  return useSyncExternalStore(listen, () => Math.floor(now / 3_600_000));
}

/** "3 min. ago", with the exact time on hover. */
export function Time({ at }: { at: string }) {
  const { format } = useI18n();
  const text = format.relative(at, useNow());
  return (
    <time dateTime={at} title={format.exact(at)} suppressHydrationWarning>
      {text}
    </time>
  );
}

/** The exact time. */
export function ExactTime({ at }: { at: string }) {
  const { format } = useI18n();
  return <time dateTime={at}>{format.exact(at)}</time>;
}
