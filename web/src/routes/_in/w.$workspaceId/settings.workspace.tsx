import { createFileRoute } from "@tanstack/react-router";
import { WorkspaceSettings } from "@/people/workspace";
import { useWorkspace } from "@/shell/workspaces";

/** The workspace's name, and its end. */
export const Route = createFileRoute("/_in/w/$workspaceId/settings/workspace")({
  component: Shown,
});

function Shown() {
  const { workspaceId } = Route.useParams();
  return <WorkspaceSettings workspaceId={workspaceId} myRole={useWorkspace()?.myRole} />;
}
