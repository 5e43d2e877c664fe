import { type UseMutationResult, useMutation } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import type { ApiError } from "@/api/errors";
import { post } from "@/api/post";
import { enter } from "@/api/session";
import { graphql } from "@/gql";
import type { NewSessionFragment, TypedDocumentString } from "@/gql/graphql";
import { LOCALES, useI18n } from "@/i18n";
import { whoAmI } from "@/shell/workspaces";

export const SERVICE = graphql(`query Service { service { demo signUpOpen version } }`);

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

/**
 * Opens a session by one of the mutations above, and goes to `next`. Who logs in by password reads the language that
 * they chose; a demo's or a link's user has chosen none, so there the browser's stays.
 */
export function useEnter<Variables>(
  document: TypedDocumentString<{ session: NewSessionFragment }, Variables>,
  next?: string,
): UseMutationResult<unknown, ApiError, Variables> {
  const router = useRouter();
  const { setLocale } = useI18n();
  return useMutation({
    mutationFn: async (variables: Variables) => {
      const { session } = await post(document, variables);
      enter(session);
      const { queries } = router.options.context;
      await queries.invalidateQueries();
      if (String(document) === String(LOG_IN)) {
        const { me } = await queries.fetchQuery(whoAmI);
        const chosen = LOCALES.find((locale) => locale === me?.locale);
        if (chosen) setLocale(chosen);
      }
      await router.navigate({ to: own(next), replace: true });
    },
  });
}

/** Only pages of ours: a link must not lead elsewhere after the log-in. */
export function own(next: string | undefined): string {
  return next && /^\/(?![/\\])/.test(next) ? next : "/";
}
