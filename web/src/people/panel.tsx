import { Title } from "@mantine/core";
import type { ReactNode } from "react";
import { Panel } from "@/ui/page";
import classes from "./layout.module.css";

interface Props {
  title: string;
  hint?: string;
  action?: ReactNode;
  children: ReactNode;
}

/** A panel around a table, with what one can do beside its name. */
export function TablePanel({ title, hint, action, children }: Props) {
  return (
    <Panel flush>
      <div className={classes.panelHead}>
        <div>
          <Title order={2}>{title}</Title>
          {hint && <p>{hint}</p>}
        </div>
        {action}
      </div>
      {children}
    </Panel>
  );
}
