import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, Outlet, useLocation, useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { hangUp } from "@/api/live";
import { onLeave } from "@/api/session";
import { useBackClosesDialogs } from "@/ui/back";
import { Broken } from "@/ui/broken";
import { useNoOnLeaving } from "@/ui/confirm";
import { NotFound } from "@/ui/not-found";

export const Route = createRootRouteWithContext<{ queries: QueryClient }>()({
  component: Root,
  notFoundComponent: () => (
    <main>
      <NotFound />
    </main>
  ),
  errorComponent: ({ error }) => (
    <main>
      <Broken error={error} />
    </main>
  ),
});

/** Pages for whoever comes. */
const OPEN = ["/login", "/signup", "/invitation", "/reset-password"];

function Root() {
  const { queries } = Route.useRouteContext();
  const navigate = useNavigate();
  const { pathname } = useLocation();
  useNoOnLeaving(pathname);
  useBackClosesDialogs();
  useEffect(
    () =>
      onLeave((onPurpose) => {
        void hangUp();
        const { pathname, search } = location;
        // These need nobody logged in: what they show stays.
        if (OPEN.some((page) => page === pathname)) return queries.removeQueries({ type: "inactive" });
        queries.clear();
        // Whoever logs out is done; the next person has pages of their own.
        void navigate({ to: "/login", search: onPurpose ? {} : { next: pathname + search } });
      }),
    [queries, navigate],
  );
  return <Outlet />;
}
