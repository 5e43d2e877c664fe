import { createContext, lazy, type ReactNode, Suspense, useContext, useState } from "react";

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

const Context = createContext<Ask | null>(null);
const Dialog = lazy(() => import("./confirm-dialog"));

/** `if (await confirm({ … })) act()` */
export function useConfirm(): Ask {
  const ask = useContext(Context);
  if (!ask) throw new Error("useConfirm outside ConfirmProvider");
  return ask;
}

export function ConfirmProvider({ children }: { children: ReactNode }) {
  const [opened, setOpened] = useState(false);
  const [asked, setAsked] = useState<Question & { answer: (yes: boolean) => void }>();
  const ask: Ask = (question) =>
    new Promise((answer) => {
      setAsked({ ...question, answer });
      setOpened(true);
    });
  const close = (yes: boolean) => {
    asked?.answer(yes);
    setOpened(false);
  };
  return (
    <Context value={ask}>
      {children}
      {asked && (
        <Suspense fallback={null}>
          <Dialog asked={asked} opened={opened} onAnswer={close} />
        </Suspense>
      )}
    </Context>
  );
}
