import { createFileRoute, Outlet, redirect } from "@tanstack/react-router";
import { ApiError } from "@/api/errors";
import { useRereadOnReconnect } from "@/api/live";
import { accessToken } from "@/api/session";
import { Shell } from "@/shell/shell";
import { whoAmI } from "@/shell/workspaces";

/** Everything that one must be logged in for. */
export const Route = createFileRoute("/_in")({
  beforeLoad: async ({ location, context }) => {
    try {
      await accessToken();
    } catch (err) {
      if (ApiError.of(err).code !== "UNAUTHENTICATED") throw err;
      throw redirect({ to: "/login", search: location.href === "/" ? {} : { next: location.href } });
    }
    await context.queries.ensureQueryData(whoAmI);
  },
  component: In,
});

function In() {
  useRereadOnReconnect();
  return (
    <Shell>
      <Outlet />
    </Shell>
  );
}
