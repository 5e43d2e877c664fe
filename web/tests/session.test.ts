import { HttpResponse, http } from "msw";
import { beforeEach, expect, test, vi } from "vitest";
import { graphql } from "@/gql";
import { server } from "./server";

const ME = graphql(`query TestMe { me { id } }`);

/** Modules hold the token, so each test has its own. */
let ask: typeof import("@/api/ask").ask;
let session: typeof import("@/api/session");
beforeEach(async () => {
  vi.resetModules();
  ({ ask } = await import("@/api/ask"));
  session = await import("@/api/session");
});

const FAR = "2999-01-01T00:00:00Z";

/** A server that takes the newest token alone, and counts the refreshes. */
function rotating() {
  let issued = 0;
  const operation = http.post("/graphql", async ({ request }) => {
    const { query } = (await request.json()) as { query: string };
    if (query.includes("refreshSession")) {
      issued += 1;
      const session = { accessToken: `token-${issued}`, accessTokenExpiresAt: FAR, user: { id: "u" } };
      return HttpResponse.json({ data: { refreshSession: session } });
    }
    const good = issued > 0 && request.headers.get("Authorization") === `Bearer token-${issued}`;
    if (good) return HttpResponse.json({ data: { me: { id: "u" } } });
    return HttpResponse.json({
      errors: [{ message: "Log in first", extensions: { code: "UNAUTHENTICATED" } }],
    });
  });
  server.use(operation);
  return () => issued;
}

test("many who ask at once refresh the session once", async () => {
  const refreshes = rotating();
  const answers = await Promise.all(Array.from({ length: 8 }, () => ask(ME, {})));
  expect(answers.every(({ me }) => me?.id === "u")).toBe(true);
  expect(refreshes()).toBe(1);
});

test("a token that the server no longer takes is renewed, and the question asked again", async () => {
  const refreshes = rotating();
  session.enter({ accessToken: "revoked", accessTokenExpiresAt: FAR, user: { id: "u" } });
  expect(await ask(ME, {})).toEqual({ me: { id: "u" } });
  expect(refreshes()).toBe(1);
});

test("who has no session is told so by code", async () => {
  const error = { message: "Log in first", extensions: { code: "UNAUTHENTICATED" } };
  server.use(http.post("/graphql", () => HttpResponse.json({ errors: [error] })));
  await expect(ask(ME, {})).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
});

test("who logs in while an earlier session is being asked for stays logged in", async () => {
  const error = { message: "Log in first", extensions: { code: "UNAUTHENTICATED" } };
  let answer = () => {};
  const answered = new Promise<void>((resolve) => {
    answer = resolve;
  });
  server.use(http.post("/graphql", () => answered.then(() => HttpResponse.json({ errors: [error] }))));
  const before = ask(ME, {});
  const opened = session.openSession(async () => ({
    accessToken: "token",
    accessTokenExpiresAt: FAR,
    user: { id: "u" },
  }));
  answer();
  await expect(before).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  await opened;
  expect(await session.accessToken()).toBe("token");
});

test("a lost connection is told apart from a refusal", async () => {
  server.use(http.post("/graphql", () => HttpResponse.error()));
  await expect(ask(ME, {})).rejects.toMatchObject({ code: "OFFLINE" });
});
