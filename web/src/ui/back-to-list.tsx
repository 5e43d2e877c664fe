import { IconArrowLeft } from "@tabler/icons-react";
import { createLink, useLocation, useRouter } from "@tanstack/react-router";
import type { ComponentProps, MouseEvent } from "react";
import classes from "./page.module.css";

declare module "@tanstack/react-router" {
  interface HistoryState {
    /** Whether the entry before this one is the list that this page stands in. */
    fromList?: boolean;
  }
}

/** What a list's links give along, so that the way back leads to it as it was. */
export const FROM_LIST = { fromList: true };

/** The way back to a list: with its filters and to its place, where one came from there; else the plain list. */
export const BackToList = createLink(({ children, onClick, ...anchor }: ComponentProps<"a">) => {
  const router = useRouter();
  const fromList = useLocation({ select: ({ state }) => state.fromList === true });
  const go = (event: MouseEvent<HTMLAnchorElement>) => {
    const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey;
    if (!fromList || elsewhere) return onClick?.(event);
    event.preventDefault();
    router.history.back();
  };
  return (
    <a {...{ ...anchor, onClick: go }} className={classes.back}>
      <IconArrowLeft size={15} aria-hidden="true" /> {children}
    </a>
  );
});
