import { createFileRoute } from "@tanstack/react-router";
import * as v from "valibot";
import { RANGE_NAMES } from "@/overview/activity";
import { OverviewPage } from "@/overview/page";

/** A workspace opens with what happens in it now. */
export const Route = createFileRoute("/_in/w/$workspaceId/")({
  validateSearch: v.object({
    range: v.optional(v.fallback(v.optional(v.picklist(RANGE_NAMES)), undefined)),
  }),
  component: Overview,
});

function Overview() {
  const { workspaceId } = Route.useParams();
  const { range = "hour" } = Route.useSearch();
  const navigate = Route.useNavigate();
  return (
    <OverviewPage
      workspaceId={workspaceId}
      range={range}
      onRange={(range) => void navigate({ search: { range }, replace: true, resetScroll: false })}
    />
  );
}
