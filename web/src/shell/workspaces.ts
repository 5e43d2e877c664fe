import { useParams } from "@tanstack/react-router";
import { asking, useAsk } from "@/api/query";
import { graphql } from "@/gql";
import type { WhoAmIQuery } from "@/gql/graphql";

export const WHO_AM_I = graphql(`
  query WhoAmI {
    me { id name email locale }
    workspaces { id name myRole }
  }
`);

const STORED = "nhip-workspace";

type Workspace = WhoAmIQuery["workspaces"][number];

export const whoAmI = asking(WHO_AM_I, {});

/** The person, and their workspaces. */
export function useWhoAmI() {
  return useAsk(WHO_AM_I, {});
}

/** The workspace in the URL, else the one that was open last, else the first. */
export function useWorkspace(): Workspace | undefined {
  const { workspaceId } = useParams({ strict: false });
  const { data } = useWhoAmI();
  return data && pick(data.workspaces, workspaceId ?? lastWorkspaceId());
}

export function pick(workspaces: Workspace[], id: string | null): Workspace | undefined {
  return workspaces.find((workspace) => workspace.id === id) ?? workspaces[0];
}

export function lastWorkspaceId(): string | null {
  return localStorage.getItem(STORED);
}

export function rememberWorkspace(id: string): void {
  localStorage.setItem(STORED, id);
}
