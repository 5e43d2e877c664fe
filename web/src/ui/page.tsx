import { Title } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { createLink } from "@tanstack/react-router";
import { type ComponentProps, type ReactNode, useEffect } from "react";
import classes from "./page.module.css";

interface PageProps {
  title: string;
  hint?: ReactNode;
  /** Buttons at the right. */
  actions?: ReactNode;
  /** A `Back` to the list that this page stands in. */
  back?: ReactNode;
  children: ReactNode;
}

/** A page: one `h1`, the document's title, what one can do here. */
export function Page({ title, hint, actions, back, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Nhip`;
  }, [title]);
  return (
    <>
      {back}
      <header className={classes.header}>
        <div>
          <Title order={1} className={classes.title}>
            {title}
          </Title>
          {hint && <p className={classes.hint}>{hint}</p>}
        </div>
        {actions}
      </header>
      {children}
    </>
  );
}

/** The way back, with an arrow; takes what `Link` takes. */
export const Back = createLink(({ children, ...anchor }: ComponentProps<"a">) => (
  <a {...anchor} className={classes.back}>
    <IconArrowLeft size={15} aria-hidden="true" /> {children}
  </a>
));

interface PanelProps {
  title?: string;
  /** A sentence below the title. */
  hint?: string;
  /** Controls at the right of the title. */
  actions?: ReactNode;
  children: ReactNode;
  /** Whether what is in it reaches its edges. */
  flush?: boolean;
}

/** A part of a page. */
export function Panel({ title, hint, actions, children, flush }: PanelProps) {
  return (
    <section className={classes.panel} aria-label={title}>
      {title && (
        <div className={classes.panelHead}>
          <div>
            <Title order={2}>{title}</Title>
            {hint && <p className={classes.hint}>{hint}</p>}
          </div>
          {actions}
        </div>
      )}
      {flush ? children : <div className={classes.panelBody}>{children}</div>}
    </section>
  );
}

/** Names and values; what is absent is left out. */
export function Facts({ of }: { of: [name: string, value: ReactNode][] }) {
  return (
    <dl className={classes.facts}>
      {of
        .filter(([, value]) => value !== null && value !== undefined && value !== "")
        .map(([name, value]) => (
          <FactRow key={name} name={name} value={value} />
        ))}
    </dl>
  );
}

function FactRow({ name, value }: { name: string; value: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}
