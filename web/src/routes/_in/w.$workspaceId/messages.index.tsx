import { createFileRoute } from "@tanstack/react-router";
import { messageFilters } from "@/messages/filters";
import { MessageList } from "@/messages/list";

/** Every message, newest first. */
export const Route = createFileRoute("/_in/w/$workspaceId/messages/")({
  validateSearch: messageFilters,
  component: Messages,
});

function Messages() {
  const { workspaceId } = Route.useParams();
  const navigate = Route.useNavigate();
  return (
    <MessageList
      workspaceId={workspaceId}
      filters={Route.useSearch()}
      onFilter={(change) => void navigate({ search: (before) => ({ ...before, ...change }), replace: true })}
      onClear={() => void navigate({ search: {}, replace: true })}
    />
  );
}
