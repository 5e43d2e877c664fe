import { graphql } from "@/gql";

graphql(`fragment MemberRow on Member { role joinedAt user { id name email } }`);

graphql(`fragment InvitationRow on Invitation { id email role expiresAt invitedBy { id name } }`);

graphql(`
  fragment TokenRow on ApiToken { id name scopes hint createdBy { id name } createdAt lastUsedAt expiresAt }
`);

export const MEMBERS = graphql(`
  query Members($workspaceId: ID!) { workspace(id: $workspaceId) { members { ...MemberRow } } }
`);

export const SET_ROLE = graphql(`
  mutation SetMemberRole($input: SetMemberRoleInput!) { setMemberRole(input: $input) { ...MemberRow } }
`);

export const REMOVE_MEMBER = graphql(`
  mutation RemoveMember($workspaceId: ID!, $userId: ID!) {
    removeMember(input: { workspaceId: $workspaceId, userId: $userId }) { id }
  }
`);

export const NEW_WEBHOOK_URL = graphql(`
  mutation NewWebhookUrl($workspaceId: ID!) { generateWebhookUrl(input: { workspaceId: $workspaceId }) { url } }
`);

export const LEAVE = graphql(`
  mutation LeaveWorkspace($workspaceId: ID!) { leaveWorkspace(input: { workspaceId: $workspaceId }) }
`);

export const INVITATIONS = graphql(`
  query Invitations($workspaceId: ID!) { workspace(id: $workspaceId) { invitations { ...InvitationRow } } }
`);

export const INVITE = graphql(`
  mutation InviteMember($workspaceId: ID!, $email: String!, $role: Role!) {
    inviteMember(input: { workspaceId: $workspaceId, email: $email, role: $role }) {
      url emailSent invitation { ...InvitationRow }
    }
  }
`);

export const REVOKE_INVITATION = graphql(`
  mutation RevokeInvitation($workspaceId: ID!, $invitationId: ID!) {
    revokeInvitation(input: { workspaceId: $workspaceId, invitationId: $invitationId }) { id }
  }
`);

export const TOKENS = graphql(`
  query ApiTokens($workspaceId: ID!) { workspace(id: $workspaceId) { apiTokens { ...TokenRow } } }
`);

export const CREATE_TOKEN = graphql(`
  mutation CreateApiToken($input: CreateApiTokenInput!) {
    createApiToken(input: $input) { token apiToken { ...TokenRow } }
  }
`);

export const REVOKE_TOKEN = graphql(`
  mutation RevokeApiToken($workspaceId: ID!, $tokenId: ID!) {
    revokeApiToken(input: { workspaceId: $workspaceId, tokenId: $tokenId }) { id }
  }
`);

graphql(`fragment AuditRow on AuditEntry { id at actor action target detail remoteAddress userAgent }`);

export const AUDIT_LOG = graphql(`
  query AuditLog($workspaceId: ID!, $after: String) {
    workspace(id: $workspaceId) {
      auditLog(first: 50, after: $after) {
        nodes { ...AuditRow }
        pageInfo { hasNextPage endCursor }
        totalCount
      }
    }
  }
`);

export const WORKSPACE = graphql(`
  query WorkspaceSettings($workspaceId: ID!) { workspace(id: $workspaceId) { id name createdAt } }
`);

export const RENAME_WORKSPACE = graphql(`
  mutation RenameWorkspace($workspaceId: ID!, $name: String!) {
    renameWorkspace(input: { workspaceId: $workspaceId, name: $name }) { id name }
  }
`);

export const CREATE_WORKSPACE = graphql(`
  mutation CreateWorkspace($name: String!) { createWorkspace(input: { name: $name }) { id } }
`);

export const DELETE_WORKSPACE = graphql(`
  mutation DeleteWorkspace($workspaceId: ID!) { deleteWorkspace(input: { workspaceId: $workspaceId }) }
`);
