import { createFileRoute } from "@tanstack/react-router";
import { chatFilters } from "@/chats/filters";
import { ChatList } from "@/chats/list";

/** Every chat, last used first. */
export const Route = createFileRoute("/_in/w/$workspaceId/chats/")({
  validateSearch: chatFilters,
  component: Chats,
});

function Chats() {
  const { workspaceId } = Route.useParams();
  const navigate = Route.useNavigate();
  return (
    <ChatList
      workspaceId={workspaceId}
      filters={Route.useSearch()}
      onFilter={(change) => void navigate({ search: (before) => ({ ...before, ...change }), replace: true })}
      onClear={() => void navigate({ search: {}, replace: true })}
    />
  );
}
