import { createFileRoute } from "@tanstack/react-router";
import { Members } from "@/people/members";
import { useWorkspace } from "@/shell/workspaces";

/** Who is in the workspace, and who was invited. */
export const Route = createFileRoute("/_in/w/$workspaceId/settings/members")({
  component: Shown,
});

function Shown() {
  const { workspaceId } = Route.useParams();
  return <Members workspaceId={workspaceId} myRole={useWorkspace()?.myRole} />;
}
