import { createFileRoute } from "@tanstack/react-router";
import { creditFilters } from "@/credits/filters";
import { CreditsPage } from "@/credits/page";

/** What is left, and where it went. */
export const Route = createFileRoute("/_in/w/$workspaceId/credits")({
  validateSearch: creditFilters,
  component: Credits,
});

function Credits() {
  const { workspaceId } = Route.useParams();
  const navigate = Route.useNavigate();
  return (
    <CreditsPage
      workspaceId={workspaceId}
      filters={Route.useSearch()}
      onFilter={(change) =>
        void navigate({ search: (before) => ({ ...before, ...change }), replace: true, resetScroll: false })
      }
    />
  );
}
