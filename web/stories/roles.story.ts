import type { Page } from "@playwright/test";
import { invite, join } from "./guests";
import { firstOf, standsStill } from "./look";
import { expect, test } from "./story";

type Role = "Owner" | "Admin" | "Member";

/** What one can press or fill in, on which page, and who sees it; the others see the same page without it. */
const CONTROLS: [path: string, role: Parameters<Page["getByRole"]>[0], name: string, who: Role[]][] = [
  ["webhook", "switch", "Webhook enabled", ["Owner", "Admin"]],
  ["webhook", "button", "Show URL", ["Owner", "Admin"]],
  ["webhook", "button", "Generate new URL", ["Owner", "Admin"]],
  ["webhook", "button", "Download log", ["Owner", "Admin", "Member"]],
  ["webhook?tab=try", "button", "Send", ["Owner", "Admin"]],
  ["webhook?tab=file", "button", "Check the link", ["Owner", "Admin", "Member"]],
  ["accounts", "button", "Connect an account", ["Owner", "Admin"]],
  ["accounts/ACCOUNT", "button", "Pause", ["Owner", "Admin"]],
  ["accounts/ACCOUNT", "button", "More actions", ["Owner", "Admin"]],
  ["accounts/ACCOUNT", "textbox", "Shortest pause", ["Owner", "Admin"]],
  ["accounts/ACCOUNT", "textbox", "Longest pause", ["Owner", "Admin"]],
  ["accounts/ACCOUNT", "textbox", "Messages within 24 hours, at most", ["Owner", "Admin"]],
  ["messages/MESSAGE", "button", "Send again", ["Owner", "Admin", "Member"]],
  ["chats/CHAT", "button", "Rename", ["Owner", "Admin", "Member"]],
  ["chats/CHAT", "button", "Send", ["Owner", "Admin", "Member"]],
  ["settings/members", "link", "API tokens", ["Owner", "Admin"]],
  ["settings/members", "link", "Audit log", ["Owner", "Admin"]],
  ["settings/members", "button", "Invite", ["Owner", "Admin"]],
  ["settings/members", "button", "Actions for yourself", ["Owner", "Admin", "Member"]],
  ["settings/members", "button", "Actions for Khoa", ["Owner", "Admin"]],
  ["settings/members", "button", "Actions for Ngân", ["Owner"]],
  ["settings/members", "combobox", "Role of Khoa", ["Owner"]],
  ["settings/members", "combobox", "Role of Ngân", ["Owner"]],
  ["settings/workspace", "textbox", "Name", ["Owner"]],
  ["settings/workspace", "button", "Save name", ["Owner"]],
  ["settings/workspace", "button", "Delete workspace", ["Owner"]],
  ["settings/workspace", "button", "Create workspace", ["Owner", "Admin", "Member"]],
];

test("everybody is shown what their role may do, and nothing else", async ({
  page,
  browser,
  send,
  openDemo,
}) => {
  test.slow();
  const workspaceId = await openDemo(page);
  const message = await send("+12025550101", "who may send this again?");
  const guest = async (name: string, role: Role) =>
    join(browser, await invite(page, workspaceId, `${role}@example.com`, role), name);
  const admin = await guest("Ngân", "Admin");
  const member = await guest("Khoa", "Member");
  await page.goto(`/w/${workspaceId}/messages/${message}`);
  await expect(page.getByText("This number is not on WhatsApp.")).toBeVisible();
  const account = await firstOf(page, workspaceId, "accounts", "Demo shop");
  const chat = await firstOf(page, workspaceId, "chats");
  const found: string[] = [];
  const wanted: string[] = [];
  for (const path of new Set(CONTROLS.map(([path]) => path))) {
    const at = path.replace("ACCOUNT", account).replace("MESSAGE", message).replace("CHAT", chat);
    const looks = Object.entries({ Owner: page, Admin: admin, Member: member }).map(async ([who, theirs]) => {
      await theirs.goto(`${new URL(page.url()).origin}/w/${workspaceId}/${at}`);
      await standsStill(theirs);
      for (const [, role, name, may] of CONTROLS.filter(([each]) => each === path)) {
        if (await theirs.getByRole("main").getByRole(role, { name, exact: true }).count())
          found.push(`${who} ${path} ${name}`);
        if (may.some((each) => each === who)) wanted.push(`${who} ${path} ${name}`);
      }
    });
    await Promise.all(looks);
  }
  expect(found.sort()).toEqual(wanted.sort());

  await admin.goto(`${new URL(page.url()).origin}/w/${workspaceId}/settings/members`);
  await admin.getByRole("button", { name: "Invite", exact: true }).click();
  await admin.getByRole("dialog").getByRole("combobox", { name: "Role" }).click();
  await expect(admin.getByRole("option")).toHaveText(["Member"]);
});
