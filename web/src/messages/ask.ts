import { useQueryClient } from "@tanstack/react-query";
import { useLive } from "@/api/live";
import { keyOf, reread, useAsk } from "@/api/query";
import { MESSAGE, MESSAGE_CHANGED } from "./documents";

/** One message, as it is at every moment. */
export function useMessage(workspaceId: string, id: string) {
  const queries = useQueryClient();
  const again = () => void reread(queries, keyOf(MESSAGE, { workspaceId, id }));
  useLive(MESSAGE_CHANGED, { workspaceId, messageIds: [id] }, again, again);
  return useAsk(MESSAGE, { workspaceId, id });
}
