import { createFileRoute, redirect } from "@tanstack/react-router";

/** It opens with the members. */
export const Route = createFileRoute("/_in/w/$workspaceId/settings/")({
  beforeLoad: ({ params }) => {
    throw redirect({ to: "/w/$workspaceId/settings/members", params, replace: true });
  },
});
