import { createFileRoute } from "@tanstack/react-router";
import { ChatPage } from "@/chats/page";

/** One chat. Its address ends in its number, which the webhook's `chat_id` takes. */
export const Route = createFileRoute("/_in/w/$workspaceId/chats/$chatId")({ component: Chat });

function Chat() {
  const { workspaceId, chatId } = Route.useParams();
  return <ChatPage workspaceId={workspaceId} chatId={chatId} />;
}
