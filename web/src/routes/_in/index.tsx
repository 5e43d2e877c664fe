import { createFileRoute, redirect } from "@tanstack/react-router";
import { lastWorkspaceId, pick, whoAmI } from "@/shell/workspaces";

/** The start: the workspace that was open last. */
export const Route = createFileRoute("/_in/")({
  beforeLoad: async ({ context }) => {
    const { workspaces } = await context.queries.ensureQueryData(whoAmI);
    const workspace = pick(workspaces, lastWorkspaceId());
    if (!workspace) throw redirect({ to: "/settings/profile" });
    throw redirect({ to: "/w/$workspaceId", params: { workspaceId: workspace.id } });
  },
});
