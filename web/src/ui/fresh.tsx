import { Button } from "@mantine/core";
import { IconArrowUp } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import classes from "./fresh.module.css";

interface Props {
  /** What `useAskMore` gave. */
  list: { fresh: number; showFresh: () => void };
  /** How new rows are called. */
  children: string;
}

/** So near to the page's top, in pixels, new rows come by themselves. */
const NEAR = 80;

/** Above a long list: that there are new rows, and the way to them. Whoever is at the top is shown them at once. */
export function Fresh({ list, children }: Props) {
  const latest = useRef(list);
  latest.current = list;
  const { fresh } = list;
  useEffect(() => {
    if (fresh === 0) return;
    const follow = () => {
      if (window.scrollY <= NEAR) latest.current.showFresh();
    };
    follow();
    addEventListener("scroll", follow, { passive: true });
    return () => removeEventListener("scroll", follow);
  }, [fresh]);
  return (
    <div className={classes.place} role="status">
      {fresh > 0 && (
        <Button
          className={classes.pill}
          size="compact-sm"
          radius="xl"
          leftSection={<IconArrowUp size={14} aria-hidden="true" />}
          onClick={() => {
            list.showFresh();
            scrollTo({ top: 0 });
          }}
        >
          {children}
        </Button>
      )}
    </div>
  );
}
