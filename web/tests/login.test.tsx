import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { expect, test } from "vitest";
import { MEMBERS } from "@/people/documents";
import { LOG_IN, OPEN_DEMO, REDEEM_LINK, SERVICE, SIGN_UP } from "@/session/enter";
import { WHO_AM_I } from "@/shell/workspaces";
import { FAR, ME, open, openAt, WORKSPACE } from "./open";
import { answers, refuses, server } from "./server";

const session = { accessToken: "token", accessTokenExpiresAt: FAR, user: { id: ME.id } };
const service = answers(SERVICE, () => ({
  service: { demo: true, signUpOpen: true, emailEnabled: false, version: "1" },
}));
const members = answers(MEMBERS, () => ({ workspace: { members: [] } }));
const out = answers({ toString: () => "mutation LogOut { logOut }" } as never, () => ({ logOut: true }));
/** Who has no session is told so. */
const nobody = refuses({ toString: () => "mutation RefreshSession { x }" }, "UNAUTHENTICATED");

async function logOut() {
  await userEvent.click(await screen.findByRole("button", { name: /lan@example.com/ }));
  await userEvent.click(await screen.findByRole("menuitem", { name: "Log out", hidden: true }));
}

async function logIn() {
  await userEvent.type(await screen.findByLabelText("E-mail"), ME.email);
  await userEvent.type(screen.getByLabelText("Password"), "correct horse");
  await userEvent.click(screen.getByRole("button", { name: "Log in" }));
}

test("whoever logs out leaves the next person no page of theirs", async () => {
  const first = [service, members, out, nobody];
  const router = await open("settings/members", { role: "MEMBER", first });
  await logOut();
  await expect.poll(() => router.state.location.pathname).toBe("/login");
  expect(router.state.location.search).toEqual({});
});

test("logging out without a connection says that one is still logged in", async () => {
  await open("settings/members", { role: "MEMBER", first: [members] });
  expect(await screen.findByRole("button", { name: /lan@example.com/ })).toBeTruthy();
  server.use(http.post("/graphql", () => HttpResponse.error()));
  await logOut();
  expect(await screen.findByText(/you are still logged in on this browser/)).toBeTruthy();
});

test("a page in somebody else's workspace is not where one goes", async () => {
  const first = [service, members, out, nobody, answers(LOG_IN, () => ({ session }))];
  const router = await open("settings/members", { role: "MEMBER", first });
  await logOut();
  await expect.poll(() => router.state.location.pathname).toBe("/login");
  await router.navigate({ to: "/login", search: { next: "/w/of-others/settings/members" } });
  server.use(answers(WHO_AM_I, () => ({ me: { ...ME, locale: "en" }, workspaces: [] })));
  await logIn();
  await expect.poll(() => router.state.location.pathname).toBe("/settings/profile");
});

test("who is logged in has nothing to do at the log-in", async () => {
  const next = encodeURIComponent(`/w/${WORKSPACE}/settings/members`);
  const router = await openAt(`/login?next=${next}`, { role: "MEMBER", first: [service, members] });
  await expect.poll(() => router.state.location.pathname).toBe(`/w/${WORKSPACE}/settings/members`);
});

test("a link that was used already leaves the demo's door open", async () => {
  const router = await openAt("/login?link=used", {
    first: [service, members, refuses(REDEEM_LINK, "BAD_INPUT"), answers(OPEN_DEMO, () => ({ session }))],
  });
  expect(await screen.findByText(/This link was used already/)).toBeTruthy();
  expect(screen.getByRole("heading", { name: "Welcome to Nhip" })).toBeTruthy();
  expect(await screen.findByRole("button", { name: "Open the demo" })).toBeTruthy();
  expect(router.state.location.pathname).toBe("/login");
});

test("an e-mail that has an account leads to the log-in", async () => {
  await openAt("/signup", {
    first: [service, refuses(SIGN_UP, "CONFLICT", "This e-mail has a user already")],
  });
  await userEvent.type(await screen.findByLabelText("Your name"), "Lan");
  await userEvent.type(screen.getByLabelText("E-mail"), ME.email);
  await userEvent.type(screen.getByLabelText("Password"), "correct horse");
  await userEvent.type(screen.getByLabelText("Workspace name"), "Shop");
  await userEvent.click(screen.getByRole("button", { name: "Create account" }));
  const complaint = await screen.findByRole("alert");
  expect(complaint.textContent).toBe("This e-mail has an account. Log in");
  expect(complaint.querySelector("a")?.getAttribute("href")).toBe("/login");
});

test("each person has their own language, whoever was here before", async () => {
  localStorage.setItem("nhip-locale", "vi");
  const workspaces = [{ id: WORKSPACE, name: "Shop", myRole: "MEMBER" as const }];
  const en = answers(WHO_AM_I, () => ({ me: { ...ME, locale: "en" }, workspaces }));
  await open("settings/members", { locale: "vi", role: "MEMBER", first: [members, en] });
  expect(await screen.findByRole("heading", { name: "Members & settings" })).toBeTruthy();
});

test("what somebody chose before they logged in holds for them here", async () => {
  const { chooseBeforeLogIn, localeOf } = await import("@/i18n");
  chooseBeforeLogIn("vi");
  expect(localeOf({ id: "u1", locale: "en" })).toBe("vi");
  expect(localeOf({ id: "u1", locale: "en" })).toBe("vi");
  expect(localeOf({ id: "u2", locale: "en" })).toBe("en");
  // They chose again, elsewhere.
  expect(localeOf({ id: "u1", locale: "vi" })).toBe("vi");
  localStorage.setItem("nhip-locale:u1", "vi/vi");
  expect(localeOf({ id: "u1", locale: "en" })).toBe("en");
});
