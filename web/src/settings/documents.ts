import { graphql } from "@/gql";

graphql(`
  fragment SessionRow on LoginSession { id current createdAt lastUsedAt remoteAddress userAgent }
`);

export const PROFILE = graphql(`
  query Profile { me { id name email sessions { ...SessionRow } } }
`);

export const UPDATE_ME = graphql(`
  mutation UpdateMe($name: String, $locale: String) {
    updateMe(input: { name: $name, locale: $locale }) { id name locale }
  }
`);

export const CHANGE_PASSWORD = graphql(`
  mutation ChangePassword($currentPassword: String!, $newPassword: String!) {
    changePassword(
      input: { currentPassword: $currentPassword, newPassword: $newPassword, useCookie: true }
    ) { ...NewSession }
  }
`);

export const REVOKE_SESSION = graphql(`
  mutation RevokeSession($id: ID!) { revokeSession(input: { sessionId: $id }) { id } }
`);
