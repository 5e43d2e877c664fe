import { createFileRoute, Outlet, redirect } from "@tanstack/react-router";
import { useEffect } from "react";
import { ApiError } from "@/api/errors";
import { useRereadOnReconnect } from "@/api/live";
import { accessToken } from "@/api/session";
import { isLocaleChosen, LOCALES, useI18n } from "@/i18n";
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

/** On a browser where nobody chose a language, the one that the person chose elsewhere. */
function useMyLocale(): void {
  const { setLocale } = useI18n();
  const { data } = useWhoAmI();
  const mine = LOCALES.find((locale) => locale === data?.me?.locale);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once it is known, not each time that words change
  useEffect(() => {
    if (mine && !isLocaleChosen()) setLocale(mine);
  }, [mine]);
}
