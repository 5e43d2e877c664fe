import { createFileRoute, notFound, Outlet } from "@tanstack/react-router";
import { rememberWorkspace, whoAmI } from "@/shell/workspaces";
import { NotFound } from "@/ui/not-found";

/** A workspace of the person's; pages below find it in their context. */
export const Route = createFileRoute("/_in/w/$workspaceId")({
  beforeLoad: async ({ params, context }) => {
    const { workspaces } = await context.queries.ensureQueryData(whoAmI);
    const workspace = workspaces.find(({ id }) => id === params.workspaceId);
    if (!workspace) throw notFound();
    rememberWorkspace(workspace.id);
    return { workspace };
  },
  component: Outlet,
  notFoundComponent: NotFound,
});
