import { createFileRoute } from "@tanstack/react-router";
import { AccountPage } from "@/accounts/page";

/** One account: its state, its queue, its pace. */
export const Route = createFileRoute("/_in/w/$workspaceId/accounts/$accountId")({ component: Account });

function Account() {
  const { workspaceId, accountId } = Route.useParams();
  return <AccountPage workspaceId={workspaceId} id={accountId} />;
}
