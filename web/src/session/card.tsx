import { Title } from "@mantine/core";
import { type ReactNode, useEffect } from "react";
import { chooseBeforeLogIn, useI18n } from "@/i18n";
import { LanguageSwitch, ThemeSwitch } from "@/shell/preferences";
import { Logo } from "@/ui/logo";
import classes from "./card.module.css";

interface Props {
  title: string;
  /** Above the card. */
  above?: ReactNode;
  below?: ReactNode;
  children: ReactNode;
}

/** A page of those who are not logged in. */
export function Card({ title, above, below, children }: Props) {
  const { t } = useI18n();
  useEffect(() => {
    document.title = `${title} · Nhip`;
  }, [title]);
  return (
    <main className={classes.page}>
      <div className={classes.card}>
        <div className={classes.brand}>
          <Logo size={44} />
          <Title order={1}>{title}</Title>
          <p className={classes.tagline}>{t("login.tagline")}</p>
        </div>
        {above}
        <div className={classes.panel}>{children}</div>
        {below && <div className={classes.below}>{below}</div>}
        <div className={classes.foot}>
          <LanguageSwitch onChoose={chooseBeforeLogIn} />
          <ThemeSwitch />
        </div>
      </div>
    </main>
  );
}
