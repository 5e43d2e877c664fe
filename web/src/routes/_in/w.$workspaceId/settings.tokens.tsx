import { createFileRoute, notFound } from "@tanstack/react-router";
import { Tokens } from "@/people/tokens";
import { mayManage } from "@/shell/may";

/** What programs log in with; for owners and admins. */
export const Route = createFileRoute("/_in/w/$workspaceId/settings/tokens")({
  beforeLoad: ({ context }) => {
    if (!mayManage(context.workspace.myRole)) throw notFound();
  },
  component: Shown,
});

function Shown() {
  const { workspaceId } = Route.useParams();
  return <Tokens workspaceId={workspaceId} />;
}
