import { Burger } from "@mantine/core";
import { IconCloudOff } from "@tabler/icons-react";
import { useLocation } from "@tanstack/react-router";
import { type ReactNode, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { useLostSince } from "@/api/reach";
import { useI18n } from "@/i18n";
import { lazyDialog } from "@/ui/lazy";
import { Link } from "@/ui/link";
import { Logo } from "@/ui/logo";
import { Menu } from "./menu";
import classes from "./shell.module.css";
import { useWorkspace } from "./workspaces";

const MenuDrawer = lazyDialog(() => import("./drawer"));

/** What stands around every page: a sidebar, or on a phone a bar with a drawer. */
export function Shell({ children }: { children: ReactNode }) {
  const { t } = useI18n();
  return (
    <div className={classes.shell}>
      <a href="#main" className={classes.skip}>
        {t("common.skip")}
      </a>
      <aside className={classes.side}>
        <Menu />
      </aside>
      <TopBar />
      <Announcer />
      <div>
        <OfflineBanner />
        <main id="main" tabIndex={-1} className={classes.main}>
          <div className={classes.content}>{children}</div>
        </main>
      </div>
    </div>
  );
}

/** A page's title takes a moment to follow its address, in milliseconds. */
const TITLED = 400;

/** Says the new page's name to whoever does not see it come. */
function Announcer() {
  const { pathname } = useLocation();
  const last = useRef(pathname);
  const [title, setTitle] = useState("");
  useEffect(() => {
    if (last.current === pathname) return;
    last.current = pathname;
    const timer = setTimeout(() => setTitle(document.title), TITLED);
    return () => clearTimeout(timer);
  }, [pathname]);
  return (
    <div aria-live="polite" className={classes.heard}>
      {title}
    </div>
  );
}

function TopBar() {
  const { t } = useI18n();
  const workspace = useWorkspace();
  const [opened, setOpened] = useState(false);
  const [wanted, setWanted] = useState(false);
  const open = () => {
    setWanted(true);
    setOpened(true);
  };
  const { pathname } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: going somewhere closes the menu
  useEffect(() => setOpened(false), [pathname]);
  return (
    <header className={classes.top}>
      <Link to="/" className={classes.brand}>
        <Logo size={26} /> Nhip
      </Link>
      <span className={classes.where}>{workspace?.name}</span>
      <Burger size="sm" opened={opened} onClick={open} aria-label={t("common.openMenu")} />
      {wanted && <MenuDrawer opened={opened} onClose={() => setOpened(false)} />}
    </header>
  );
}

/** Whether there is a connection, and one to Nhip: what is shown may be old. */
function OfflineBanner() {
  const { t, format } = useI18n();
  const online = useSyncExternalStore(
    (listener) => {
      addEventListener("online", listener);
      addEventListener("offline", listener);
      return () => {
        removeEventListener("online", listener);
        removeEventListener("offline", listener);
      };
    },
    () => navigator.onLine,
  );
  const lostSince = useLostSince();
  const told = !online
    ? t("common.offline")
    : lostSince && t("common.lost", { time: format.time(new Date(lostSince).toISOString()) });
  return (
    <div role="status">
      {told && (
        <div className={classes.offline}>
          <IconCloudOff size={16} aria-hidden="true" /> {told}
        </div>
      )}
    </div>
  );
}
