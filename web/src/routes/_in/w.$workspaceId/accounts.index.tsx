import { createFileRoute } from "@tanstack/react-router";
import * as v from "valibot";
import { AccountList } from "@/accounts/list";
import { textParam } from "@/ui/filters";

/** Every connected number. */
export const Route = createFileRoute("/_in/w/$workspaceId/accounts/")({
  validateSearch: v.object({ q: textParam }),
  component: Accounts,
});

function Accounts() {
  const { workspaceId } = Route.useParams();
  const navigate = Route.useNavigate();
  return (
    <AccountList
      workspaceId={workspaceId}
      search={Route.useSearch().q}
      onSearch={(q) => void navigate({ search: { q }, replace: true })}
    />
  );
}
