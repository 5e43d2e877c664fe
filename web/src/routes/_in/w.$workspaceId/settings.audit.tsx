import { createFileRoute, notFound } from "@tanstack/react-router";
import { AuditLog } from "@/people/audit";
import { mayManage } from "@/shell/may";

/** Who changed what; for owners and admins. */
export const Route = createFileRoute("/_in/w/$workspaceId/settings/audit")({
  beforeLoad: ({ context }) => {
    if (!mayManage(context.workspace.myRole)) throw notFound();
  },
  component: Shown,
});

function Shown() {
  const { workspaceId } = Route.useParams();
  return <AuditLog workspaceId={workspaceId} />;
}
