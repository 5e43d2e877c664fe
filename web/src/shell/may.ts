import { useWorkspace } from "./workspaces";

/** Whether the person may change accounts and the webhook: owners and admins may. The server refuses the others anyway. */
export function useMaySteer(): boolean {
  const role = useWorkspace()?.myRole;
  return role === "OWNER" || role === "ADMIN";
}
