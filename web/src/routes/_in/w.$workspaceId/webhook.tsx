import { createFileRoute } from "@tanstack/react-router";
import { WebhookPage } from "@/webhook/page";
import { webhookSearch } from "@/webhook/search";

/** Integrations / Incoming webhook: its URL, its log, and a place to try it. */
export const Route = createFileRoute("/_in/w/$workspaceId/webhook")({
  validateSearch: webhookSearch,
  component: Webhook,
});

function Webhook() {
  const { workspaceId } = Route.useParams();
  const navigate = Route.useNavigate();
  return (
    <WebhookPage
      workspaceId={workspaceId}
      search={Route.useSearch()}
      onSearch={(change) =>
        void navigate({
          search: (before) => ({ ...before, ...change }),
          // Back leads from one tab to the one before, and not out of the page.
          replace: !("tab" in change),
          resetScroll: false,
        })
      }
    />
  );
}
