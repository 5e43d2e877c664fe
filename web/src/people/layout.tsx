import type { ReactNode } from "react";
import type { Role } from "@/gql/graphql";
import { useI18n } from "@/i18n";
import { mayManage } from "@/shell/may";
import { Link } from "@/ui/link";
import { Page } from "@/ui/page";
import tabs from "@/ui/tabs.module.css";
import classes from "./layout.module.css";

interface Props {
  workspace: { id: string; name: string; myRole?: Role | null };
  children: ReactNode;
}

/** Members & settings: what all its pages have above them. */
export function PeopleLayout({ workspace, children }: Props) {
  const { t } = useI18n();
  const params = { workspaceId: workspace.id };
  return (
    <Page title={t("people.title")} hint={workspace.name}>
      <nav className={`${tabs.list} ${classes.tabs}`} aria-label={t("people.title")} ref={showActive}>
        <Link to="/w/$workspaceId/settings/members" params={params}>
          {t("people.members")}
        </Link>
        {mayManage(workspace.myRole) && (
          <>
            <Link to="/w/$workspaceId/settings/tokens" params={params}>
              {t("tokens.title")}
            </Link>
            <Link to="/w/$workspaceId/settings/audit" params={params}>
              {t("audit.tab")}
            </Link>
          </>
        )}
        <Link to="/w/$workspaceId/settings/workspace" params={params}>
          {t("people.workspaceTab")}
        </Link>
      </nav>
      <div className={classes.stack}>{children}</div>
    </Page>
  );
}

/** On a phone the page's own tab may lie beyond the edge. */
function showActive(nav: HTMLElement | null): void {
  nav?.querySelector('[data-status="active"]')?.scrollIntoView({ block: "nearest", inline: "nearest" });
}
