import { createFileRoute, Outlet } from "@tanstack/react-router";
import { PeopleLayout } from "@/people/layout";
import { useWorkspace } from "@/shell/workspaces";

/** Members & settings. */
export const Route = createFileRoute("/_in/w/$workspaceId/settings")({ component: Settings });

function Settings() {
  const workspace = useWorkspace();
  return (
    workspace && (
      <PeopleLayout workspace={workspace}>
        <Outlet />
      </PeopleLayout>
    )
  );
}
