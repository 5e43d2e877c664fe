import { useBlocker } from "@tanstack/react-router";
import { useEffect, useRef } from "react";

/** What covers a phone's whole page looks like a page of its own: there, Back leaves it, and not what is below. */
const PHONE = "(max-width: 56.24em)";

/** How to close what is open, what opened last at the end. */
const open: (() => void)[] = [];

/** While `opened`, a phone's Back closes it. */
export function useBackCloses(opened: boolean, onClose: () => void): void {
  const latest = useRef(onClose);
  latest.current = onClose;
  useEffect(() => {
    if (!opened) return;
    const close = () => latest.current();
    open.push(close);
    return () => {
      open.splice(open.indexOf(close), 1);
    };
  }, [opened]);
}

/** Once for all of them, where the router is. */
export function useBackClosesDialogs(): void {
  useBlocker({
    enableBeforeUnload: false,
    shouldBlockFn: ({ action }) => {
      const close = open.at(-1);
      if (action !== "BACK" || !close || !matchMedia(PHONE).matches) return false;
      close();
      return true;
    },
  });
}
