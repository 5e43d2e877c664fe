import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test, vi } from "vitest";
import { MEMBERS } from "@/people/documents";
import { WHO_AM_I } from "@/shell/workspaces";
import { ME, open, openAt, WORKSPACE } from "./open";
import { answers, refuses, server } from "./server";

const nobody = answers(MEMBERS, () => ({ workspace: { members: [] } }));

test("after a start that failed, trying again starts again, with everything around it", async () => {
  // The router tells of what broke, with all that it is in.
  vi.spyOn(console, "error").mockReturnValue();
  await open("settings/members", { role: "MEMBER", first: [refuses(WHO_AM_I, "UNAVAILABLE")] });
  expect(await screen.findByText(/cannot answer at this moment/)).toBeTruthy();
  expect(screen.getByRole("button", { name: "Open the menu" })).toBeTruthy();
  const workspaces = [{ id: WORKSPACE, name: "Shop", myRole: "MEMBER" as const }];
  server.use(
    answers(WHO_AM_I, () => ({ me: { ...ME, locale: "en" }, workspaces })),
    nobody,
  );
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByRole("heading", { name: "Members & settings" })).toBeTruthy();
});

test("what is not there keeps what stands around it, and names the tab", async () => {
  for (const address of ["/settings/nothing", `/w/${WORKSPACE}/nothing`, "/w/of-others/messages"]) {
    document.title = "before";
    await openAt(address);
    const nothing = await screen.findAllByRole("heading", { name: "There is nothing here" });
    expect(nothing.length, address).toBe(1);
    expect(document.title).toBe("There is nothing here · Nhip");
    expect(within(screen.getByRole("main")).getByRole("link", { name: "Go to the overview" })).toBeTruthy();
    expect(screen.getAllByRole("button", { name: "Open the menu" })).toHaveLength(1);
    document.body.replaceChildren();
  }
});
