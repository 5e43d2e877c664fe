import { type ComponentType, type ReactNode, useCallback, useEffect, useState } from "react";
import { isMissingChunk, named, reloadOnce } from "@/api/chunks";
import { ApiError } from "@/api/errors";
import { Failed } from "./shown";
import { useFailureToast } from "./toasts";

type Load<Props> = () => Promise<{ default: ComponentType<Props> }>;

/**
 * Code that is fetched when it is first wanted. What failed is fetched again the next time, unlike with `React.lazy`,
 * which keeps the failure; where an upgrade took it away, the page is loaded anew, once.
 */
function later<Props>(load: Load<Props>) {
  let known: ComponentType<Props> | undefined;
  return function useLater() {
    const [shown, show] = useState(() => known);
    const [error, setError] = useState<unknown>();
    const fetch = useCallback(async () => {
      setError(undefined);
      try {
        known ??= (await load()).default;
        show(() => known);
      } catch (err) {
        setError(named(err));
        if (isMissingChunk(err)) void reloadOnce();
      }
    }, []);
    return { shown, error, fetch };
  };
}

/** A part of a page; why it could not be fetched stands in its place. */
export function lazyWithRetry<Props extends object>(
  load: Load<Props>,
  waiting: ReactNode = null,
): ComponentType<Props> {
  const useLater = later(load);
  return function Late(props: Props) {
    const { shown: Shown, error, fetch } = useLater();
    useEffect(() => {
      if (!Shown) void fetch();
    }, [Shown, fetch]);
    if (Shown) return <Shown {...props} />;
    return error ? <Failed error={error} retry={() => void fetch()} /> : waiting;
  };
}

/** What opens over the page; why it could not be fetched is told in a toast, and the next opening tries again. */
export function lazyDialog<Props extends { opened: boolean; onClose: () => void }>(
  load: Load<Props>,
): ComponentType<Props> {
  const useLater = later(load);
  return function Late(props: Props) {
    const { shown: Shown, error, fetch } = useLater();
    const tell = useFailureToast();
    const { opened, onClose } = props;
    useEffect(() => {
      if (opened && !Shown) void fetch();
    }, [opened, Shown, fetch]);
    // biome-ignore lint/correctness/useExhaustiveDependencies: each failure is told once
    useEffect(() => {
      if (!error) return;
      tell(ApiError.of(error));
      onClose();
    }, [error]);
    return Shown ? <Shown {...props} /> : null;
  };
}
