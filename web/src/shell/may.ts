import type { Role } from "@/gql/graphql";
import { useWorkspace } from "./workspaces";

/** Who may do what: the server decides, this only says what to show. */
type Asker = Role | null | undefined;

/** Accounts, the webhook, invitations, API tokens and the audit log. */
export function mayManage(me: Asker): boolean {
  return me === "OWNER" || me === "ADMIN";
}

/** Renaming and deleting the workspace. */
export function mayOwn(me: Asker): boolean {
  return me === "OWNER";
}

/** The roles that one may invite as, give, and take: owners all, admins that of members alone. */
export function rolesGivenBy(me: Asker): Role[] {
  if (me === "OWNER") return ["MEMBER", "ADMIN", "OWNER"];
  return me === "ADMIN" ? ["MEMBER"] : [];
}

/** Whether somebody with that role may have copied the webhook's URL. */
export function mayKnowUrl(role: Role): boolean {
  return role !== "MEMBER";
}

/** Whether the person may change accounts and the webhook. */
export function useMaySteer(): boolean {
  return mayManage(useWorkspace()?.myRole);
}
