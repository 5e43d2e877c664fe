import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from "react";
import { ConfirmDialog } from "./confirm-dialog";

export interface Question {
  title: string;
  /** What will happen, and what will not come back. */
  body: ReactNode;
  /** The verb on the button. */
  action: string;
  /** What the way out is called, where “Cancel” could be taken for the action. */
  keep?: string;
  danger?: boolean;
}

type Ask = (question: Question) => Promise<boolean>;

interface Asker {
  ask: Ask;
  /** Answers an open question with no. */
  dismiss: () => void;
}

const Context = createContext<Asker | null>(null);

function useAsker(): Asker {
  const asker = useContext(Context);
  if (!asker) throw new Error("useConfirm outside ConfirmProvider");
  return asker;
}

/** `if (await confirm({ … })) act()` */
export function useConfirm(): Ask {
  return useAsker().ask;
}

/** A question is about its page: going elsewhere, as by the browser's Back, is a no. */
export function useNoOnLeaving(pathname: string): void {
  const { dismiss } = useAsker();
  // biome-ignore lint/correctness/useExhaustiveDependencies: each time that the page is another
  useEffect(() => dismiss, [dismiss, pathname]);
}

export function ConfirmProvider({ children }: { children: ReactNode }) {
  const [opened, setOpened] = useState(false);
  const [asked, setAsked] = useState<Question>();
  const answer = useRef<(yes: boolean) => void>(undefined);
  const close = useRef((yes: boolean) => {
    answer.current?.(yes);
    answer.current = undefined;
    setOpened(false);
  });
  const asker = useMemo<Asker>(
    () => ({
      ask: (question) =>
        new Promise((resolve) => {
          // Nobody answers what another question covers.
          answer.current?.(false);
          answer.current = resolve;
          setAsked(question);
          setOpened(true);
        }),
      dismiss: () => close.current(false),
    }),
    [],
  );
  return (
    <Context value={asker}>
      {children}
      {asked && <ConfirmDialog asked={asked} opened={opened} onAnswer={close.current} />}
    </Context>
  );
}
