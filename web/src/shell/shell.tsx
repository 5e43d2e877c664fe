import { Burger } from "@mantine/core";
import { IconCloudOff } from "@tabler/icons-react";
import { useLocation } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense, useEffect, useState, useSyncExternalStore } from "react";
import { useI18n } from "@/i18n";
import { Link } from "@/ui/link";
import { Logo } from "@/ui/logo";
import { Menu } from "./menu";
import classes from "./shell.module.css";

const MenuDrawer = lazy(() => import("./drawer"));

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
      <div>
        <OfflineBanner />
        <main id="main" tabIndex={-1} className={classes.main}>
          <div className={classes.content}>{children}</div>
        </main>
      </div>
    </div>
  );
}

function TopBar() {
  const { t } = useI18n();
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
      <Burger size="sm" opened={opened} onClick={open} aria-label={t("common.openMenu")} />
      {wanted && (
        <Suspense fallback={null}>
          <MenuDrawer opened={opened} onClose={() => setOpened(false)} />
        </Suspense>
      )}
    </header>
  );
}

function OfflineBanner() {
  const { t } = useI18n();
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
  return (
    <div role="status">
      {!online && (
        <div className={classes.offline}>
          <IconCloudOff size={16} aria-hidden="true" /> {t("common.offline")}
        </div>
      )}
    </div>
  );
}
