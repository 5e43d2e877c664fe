import { QueryClient } from "@tanstack/react-query";
import { createMemoryHistory, RouterProvider } from "@tanstack/react-router";
import { render } from "@testing-library/react";
import { enter } from "@/api/session";
import type { Role } from "@/gql/graphql";
import { dictionaryOf, type Locale } from "@/i18n";
import { Providers } from "@/providers";
import { newRouter } from "@/router";
import { WHO_AM_I } from "@/shell/workspaces";
import { answers, server } from "./server";

export const WORKSPACE = "w1";
export const ME = { id: "u1", name: "Lan", email: "lan@example.com" };
export const FAR = "2999-01-01T00:00:00Z";

interface As {
  role?: Role;
  locale?: Locale;
  /** Answers that come before those of `open` itself. */
  first?: Parameters<typeof server.use>;
}

/** Opens a page of the workspace as somebody with that role; the router, which knows the address. */
export async function open(page: string, as: As = {}) {
  return openAt(`/w/${WORKSPACE}/${page}`, as);
}

/** The same for any address. */
export async function openAt(address: string, { role = "OWNER", locale = "en", first = [] }: As = {}) {
  enter({ accessToken: "token", accessTokenExpiresAt: FAR, user: { id: ME.id } });
  server.use(
    answers(WHO_AM_I, () => ({
      me: { ...ME, locale },
      workspaces: [{ id: WORKSPACE, name: "Shop", myRole: role }],
    })),
  );
  server.use(...first);
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const router = newRouter(queries, createMemoryHistory({ initialEntries: [address] }));
  render(
    <Providers queries={queries} locale={locale} dictionary={await dictionaryOf(locale)}>
      <RouterProvider router={router} />
    </Providers>,
  );
  return router;
}

/** A connection that ends here. */
export function all<Node>(...nodes: Node[]) {
  return { nodes, pageInfo: { hasNextPage: false, endCursor: null }, totalCount: nodes.length };
}
