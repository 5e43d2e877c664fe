import { Button } from "@mantine/core";
import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext, Outlet, useNavigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { hangUp } from "@/api/live";
import { onLeave } from "@/api/session";
import { useI18n } from "@/i18n";
import { Link } from "@/ui/link";
import { Empty, Failed } from "@/ui/shown";

export const Route = createRootRouteWithContext<{ queries: QueryClient }>()({
  component: Root,
  notFoundComponent: NotFound,
  errorComponent: ({ error, reset }) => <Failed error={error} retry={reset} />,
});

/** Pages for whoever comes. */
const OPEN = ["/login", "/signup", "/invitation", "/reset-password"];

function Root() {
  const { queries } = Route.useRouteContext();
  const navigate = useNavigate();
  useEffect(
    () =>
      onLeave(() => {
        void hangUp();
        const { pathname, search } = location;
        // These need nobody logged in: what they show stays.
        if (OPEN.some((page) => page === pathname)) return queries.removeQueries({ type: "inactive" });
        queries.clear();
        void navigate({ to: "/login", search: { next: pathname + search } });
      }),
    [queries, navigate],
  );
  return <Outlet />;
}

function NotFound() {
  const { t } = useI18n();
  return (
    <main>
      <Empty
        whole
        title={t("common.notFound")}
        hint={t("common.notFoundHint")}
        action={
          <Button component={Link} to="/" variant="default">
            {t("common.goHome")}
          </Button>
        }
      />
    </main>
  );
}
