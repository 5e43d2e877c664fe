import { createFileRoute, redirect } from "@tanstack/react-router";

/** A workspace opens with its messages, until it has an overview. */
export const Route = createFileRoute("/_in/w/$workspaceId/")({
  beforeLoad: ({ params }) => {
    throw redirect({ to: "/w/$workspaceId/messages", params });
  },
});
