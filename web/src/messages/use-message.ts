import { useLive } from "@/api/live";
import { useAsk, useReread } from "@/api/query";
import { MESSAGE, MESSAGE_CHANGED } from "./documents";

/** One message, as it is at every moment. */
export function useMessage(workspaceId: string, id: string) {
  const again = useReread(MESSAGE, { workspaceId, id });
  useLive(MESSAGE_CHANGED, { workspaceId, messageIds: [id] }, again, again);
  return useAsk(MESSAGE, { workspaceId, id });
}
