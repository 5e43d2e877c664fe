import { Notification } from "@mantine/core";
import { IconAlertTriangle, IconCheck } from "@tabler/icons-react";
import { useEffect, useState, useSyncExternalStore } from "react";
import type { ApiError, Code } from "@/api/errors";
import { useI18n } from "@/i18n";
import classes from "./toasts.module.css";

interface Toast {
  id: number;
  /** What failed; of what worked there is only a message. */
  title?: string;
  message: string;
}

/** How long one is shown, in milliseconds; longer while the pointer or the keyboard is on it. */
const SHOWN = { worked: 4_000, failed: 10_000 };

let toasts: readonly Toast[] = [];
let lastId = 0;
const watching = new Set<() => void>();

function set(next: readonly Toast[]): void {
  toasts = next;
  for (const tell of watching) tell();
}

function add(toast: Omit<Toast, "id">): void {
  lastId += 1;
  set([...toasts, { ...toast, id: lastId }]);
}

function watch(tell: () => void): () => void {
  watching.add(tell);
  return () => watching.delete(tell);
}

/** Says that something worked. */
export function tellDone(message: string): void {
  add({ message });
}

/** What some codes mean in one place in particular. */
export type Saying = Partial<Record<Code, string>>;

/** Says what did not work, and what to do. */
export function useFailureToast(): (err: ApiError, saying?: Saying) => void {
  const { t } = useI18n();
  return ({ code, message }, saying) => {
    const detail = code === "BAD_INPUT" ? ` (${message})` : "";
    add({ title: t("common.failed"), message: saying?.[code] ?? t(`errors.${code}`) + detail });
  };
}

/** Says what did not work, where no code tells it. */
export function useProblemToast(): (message: string) => void {
  const { t } = useI18n();
  return (message) => add({ title: t("common.failed"), message });
}

/** Takes all of them away. */
export function clearToasts(): void {
  set([]);
}

/** In the corner of every page. */
export function Toasts() {
  const shown = useSyncExternalStore(watch, () => toasts);
  return (
    <div className={classes.toasts}>
      {shown.map((toast) => (
        <Shown key={toast.id} {...toast} />
      ))}
    </div>
  );
}

function Shown({ id, title, message }: Toast) {
  const { t } = useI18n();
  const [held, hold] = useState(false);
  const close = () => set(toasts.filter((each) => each.id !== id));
  // biome-ignore lint/correctness/useExhaustiveDependencies: `close` is another one each time, and does the same
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(close, title ? SHOWN.failed : SHOWN.worked);
    return () => clearTimeout(timer);
  }, [held]);
  return (
    <Notification
      className={classes.toast}
      role={title ? "alert" : "status"}
      title={title}
      color={title ? "red" : "teal"}
      icon={title ? <IconAlertTriangle size={16} /> : <IconCheck size={16} />}
      withBorder
      closeButtonProps={{ "aria-label": t("common.close") }}
      onClose={close}
      onMouseEnter={() => hold(true)}
      onMouseLeave={() => hold(false)}
      onFocus={() => hold(true)}
      onBlur={() => hold(false)}
    >
      {message}
    </Notification>
  );
}
