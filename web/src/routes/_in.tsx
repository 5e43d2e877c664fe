import { createFileRoute, Outlet, redirect } from "@tanstack/react-router";
import { useEffect } from "react";
import { ApiError } from "@/api/errors";
import { useRereadOnReconnect } from "@/api/live";
import { accessToken } from "@/api/session";
import { localeOf, useI18n } from "@/i18n";
import { Shell } from "@/shell/shell";
import { useWhoAmI, whoAmI } from "@/shell/workspaces";
import { Broken } from "@/ui/broken";

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
  errorComponent: ({ error }) => (
    <Shell>
      <Broken error={error} />
    </Shell>
  ),
});

function In() {
  useRereadOnReconnect();
  useMyLocale();
  return (
    <Shell>
      <Outlet />
    </Shell>
  );
}

/** In the language of whoever is logged in, whoever was before. */
function useMyLocale(): void {
  const { locale, setLocale } = useI18n();
  const me = useWhoAmI().data?.me;
  // biome-ignore lint/correctness/useExhaustiveDependencies: once it is known, not each time that words change
  useEffect(() => {
    const mine = me && localeOf(me);
    if (mine && mine !== locale) setLocale(mine);
  }, [me?.id, me?.locale]);
}
