import { type QueryClient, type UseMutationResult, useMutation, useQuery } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import type { ApiError } from "@/api/errors";
import { post } from "@/api/post";
import { keyOf } from "@/api/query";
import { openSession } from "@/api/session";
import { graphql } from "@/gql";
import type { NewSessionFragment, TypedDocumentString } from "@/gql/graphql";
import { whoAmI } from "@/shell/workspaces";

export const SERVICE = graphql(`query Service { service { demo signUpOpen emailEnabled version } }`);

export const LOG_IN = graphql(`
  mutation LogIn($email: String!, $password: String!) {
    session: logIn(input: { email: $email, password: $password, useCookie: true }) { ...NewSession }
  }
`);

export const OPEN_DEMO = graphql(`
  mutation OpenDemo { session: openDemo(input: { useCookie: true }) { ...NewSession } }
`);

export const REDEEM_LINK = graphql(`
  mutation RedeemLink($token: String!) {
    session: redeemLoginLink(input: { token: $token, useCookie: true }) { ...NewSession }
  }
`);

export const SIGN_UP = graphql(`
  mutation SignUp($email: String!, $password: String!, $name: String!, $workspaceName: String!, $locale: String!) {
    session: signUp(
      input: { email: $email, password: $password, name: $name, workspaceName: $workspaceName, locale: $locale, useCookie: true }
    ) { ...NewSession }
  }
`);

export const REQUEST_RESET = graphql(`
  mutation RequestPasswordReset($email: String!) { requestPasswordReset(input: { email: $email }) }
`);

export const RESET_PASSWORD = graphql(`
  mutation ResetPassword($token: String!, $newPassword: String!) {
    session: resetPassword(input: { token: $token, newPassword: $newPassword, useCookie: true }) { ...NewSession }
  }
`);

export const INVITATION = graphql(`
  query Invitation($token: String!) {
    invitation(token: $token) { workspaceName email role userExists expiresAt }
  }
`);

export const ACCEPT = graphql(`
  mutation AcceptInvitation($token: String!, $name: String, $password: String, $locale: String) {
    session: acceptInvitation(
      input: { token: $token, name: $name, password: $password, locale: $locale, useCookie: true }
    ) { ...NewSession }
  }
`);

/** What anyone may know, logged in or not. */
export function useService() {
  return useQuery({ queryKey: keyOf(SERVICE), queryFn: () => post(SERVICE, {}) });
}

/** Opens a session by one of the mutations above, and goes to `next`. */
export function useEnter<Variables>(
  document: TypedDocumentString<{ session: NewSessionFragment }, Variables>,
  next?: string,
): UseMutationResult<unknown, ApiError, Variables> {
  const router = useRouter();
  return useMutation({
    mutationFn: async (variables: Variables) => {
      await openSession(async () => (await post(document, variables)).session);
      const { queries } = router.options.context;
      await queries.invalidateQueries();
      await router.navigate({ to: await theirs(queries, next), replace: true });
    },
  });
}

/** Where whoever is logged in goes: `next`, unless that is in a workspace which is not theirs. */
export async function theirs(queries: QueryClient, next: string | undefined): Promise<string> {
  const to = own(next);
  const workspaceId = /^\/w\/([^/?#]+)/.exec(to)?.[1];
  if (!workspaceId) return to;
  const { workspaces } = await queries.fetchQuery({ ...whoAmI, staleTime: 0 });
  return workspaces.some(({ id }) => id === workspaceId) ? to : "/";
}

/** Only pages of ours: a link must not lead elsewhere after the log-in. */
function own(next: string | undefined): string {
  return next && /^\/(?![/\\])/.test(next) ? next : "/";
}
