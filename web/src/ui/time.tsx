import { type ReactNode, useSyncExternalStore } from "react";
import { useI18n } from "@/i18n";

const listeners = new Set<() => void>();
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;

function listen(listener: () => void): () => void {
  listeners.add(listener);
  if (!timer) now = Date.now();
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

/** The clock stands while nobody looks at it: whoever looks first sets it. */
function present(): number {
  if (!timer && Date.now() - now >= 1_000) now = Date.now();
  return now;
}

/** The present in milliseconds, which moves each second; one timer for the whole page. */
export function useNow(): number {
  return useSyncExternalStore(listen, present);
}

/** The hour that it is, counted from 1970: what moves with it is drawn again once an hour. */
export function useHour(): number {
  return useSyncExternalStore(listen, () => Math.floor(present() / 3_600_000));
}

interface TimeProps {
  at: string;
  /** Whether it may lie ahead. What has happened has not, however the clocks of server and browser differ. */
  ahead?: boolean;
}

/** "3 min. ago", with the exact time on hover. */
export function Time({ at, ahead = false }: TimeProps) {
  const { format } = useI18n();
  const now = useNow();
  const text = format.relative(at, ahead ? now : Math.max(now, Date.parse(at)));
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

interface AroundProps {
  /** The sentence, with what it is given where the time stands. */
  say: (when: string) => string;
  /** The time. */
  children: ReactNode;
}

/** A sentence with a time in it. */
export function Around({ say, children }: AroundProps) {
  const [before, after] = say("\n").split("\n");
  return (
    <>
      {before}
      {children}
      {after}
    </>
  );
}
