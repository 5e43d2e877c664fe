import type { Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./badge.module.css";

export type Tone = "quiet" | "wait" | "busy" | "good" | "warn" | "bad";

/** A state: always an icon and a word, never a colour alone. */
export function Badge({ tone, icon: Shown, children }: { tone: Tone; icon: Icon; children: ReactNode }) {
  return (
    <span className={`${classes.badge} ${classes[tone]}`}>
      <Shown size={13} stroke={2.2} aria-hidden="true" />
      {children}
    </span>
  );
}
