import { createFileRoute } from "@tanstack/react-router";
import { MessagePage } from "@/messages/page";

/** One message, from its acceptance to its end. */
export const Route = createFileRoute("/_in/w/$workspaceId/messages/$messageId")({ component: Message });

function Message() {
  const { workspaceId, messageId } = Route.useParams();
  return <MessagePage workspaceId={workspaceId} id={messageId} />;
}
