import type { Page } from "@playwright/test";
import { tabBackTo, tabTo, walkThrough } from "./keyboard";
import { NONE, pagesFor, prepare, show, speak } from "./look";
import { logInOverApi } from "./owner";
import { DEMO_SHOP, expect, test } from "./story";

test("by Tab alone one comes to everything on every page, and sees where one is", async ({
  page,
  send,
  openDemo,
}) => {
  test.slow();
  const look = { theme: "light", locale: "en", width: 1440 } as const;
  const walk = async (name: string, path: string) => {
    await show(page, path, look);
    await walkThrough(page, name);
  };
  for (const { name, path } of pagesFor(true)) await walk(name, path(NONE));
  await speak(page, "en");
  const ids = await prepare(page, await openDemo(page), send);
  for (const { name, path } of pagesFor(false)) await walk(name, path(ids));
});

test("without a mouse one signs up, skips the navigation, and tries the webhook", async ({ page }) => {
  await page.goto("/signup");
  const fill = async (name: string, text: string) => {
    await tabTo(page, page.getByRole("textbox", { name, exact: true }));
    await page.keyboard.type(text);
  };
  await fill("Your name", "Tú");
  await fill("E-mail", "tu@example.com");
  await fill("Password", "correct horse battery staple");
  await tabTo(page, page.getByRole("button", { name: "Show what is typed" }));
  await page.keyboard.press("Space");
  await expect(page.getByRole("textbox", { name: "Password", exact: true })).toHaveAttribute("type", "text");
  await fill("Workspace name", "Tú's");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();

  await tabTo(page, page.getByRole("link", { name: "Incoming webhook" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "Incoming webhook" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("button", { name: "Generate URL" })).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Reference" })).toBeFocused();
  await tabTo(page, page.getByRole("tab", { name: "Activity log" }));
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("tab", { name: "Try it" })).toBeFocused();
  await fill("Text", "typed without a mouse");
  await expect(page.getByRole("region", { name: "Code for your tool" })).toContainText(
    "typed without a mouse",
  );
});

test("a dialog keeps the keyboard, and gives it back to what opened it", async ({ page, openDemo }) => {
  test.slow();
  const workspaceId = await openDemo(page);
  const at = (path: string) => page.goto(`/w/${workspaceId}/${path}`);
  const button = (name: string) => page.getByRole("button", { name, exact: true });

  await at("webhook");
  for (const opener of [page.getByRole("switch", { name: "Webhook enabled" }), button("Generate new URL")]) {
    await tabTo(page, opener);
    await page.keyboard.press("Space");
    await expectKept(page);
    await expect(opener).toBeFocused();
  }

  await at("accounts");
  await tabTo(page, button("Connect an account"));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("textbox", { name: "Phone number" })).toBeFocused();
  await expectKept(page);
  await expect(button("Connect an account")).toBeFocused();
  await tabTo(page, page.getByRole("link", { name: "Demo shop" }));
  await page.keyboard.press("Enter");
  await tabTo(page, button("More actions"));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("menuitem", { name: "Rename" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("textbox", { name: "Name" })).toBeFocused();
  await expectKept(page);
  await expect(button("More actions")).toBeFocused();

  await at("settings/members");
  await tabTo(page, button("Invite"));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("textbox", { name: "E-mail" })).toBeFocused();
  await expectKept(page);
  await expect(button("Invite")).toBeFocused();

  await page.setViewportSize({ width: 390, height: 844 });
  await at("webhook");
  await tabTo(page, button("Open the menu"));
  await page.keyboard.press("Enter");
  await expectKept(page);
  await expect(button("Open the menu")).toBeFocused();
});

test("on a phone the bar covers nothing that one comes back to", async ({ page, program, openDemo }) => {
  await page.setViewportSize({ width: 390, height: 500 });
  const workspaceId = await openDemo(page);
  for (let calls = 0; calls < 12; calls += 1) await fetch(program.webhookUrl, { method: "POST", body: "{}" });
  await page.goto(`/w/${workspaceId}/webhook`);
  const calls = page.getByRole("main").getByRole("listitem").getByRole("button");
  await tabTo(page, calls.nth(11));
  await tabBackTo(page, page.getByRole("button", { name: "Show URL" }));
});

/** However often Tab is pressed the keyboard stays in the dialog, until Escape closes it. */
async function expectKept(page: Page): Promise<void> {
  const dialog = page.getByRole("dialog");
  await expect(dialog.locator(":focus")).toHaveCount(1);
  for (const key of [...Array(12).fill("Tab"), "Shift+Tab", "Shift+Tab"]) {
    await page.keyboard.press(key);
    await expect(dialog.locator(":focus")).toHaveCount(1);
  }
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
}

test("without a mouse a waiting message is found, opened and canceled", async ({
  page,
  program,
  send,
  openDemo,
}) => {
  const workspaceId = await openDemo(page);
  const ask = await logInOverApi(program.url);
  const query = "query ($id: ID!) { workspace(id: $id) { accounts(first: 9) { nodes { id name } } } }";
  const { workspace } = await ask<{ workspace: { accounts: { nodes: { id: string; name: string }[] } } }>(
    query,
    { id: workspaceId },
  );
  const shop = workspace.accounts.nodes.find(({ name }) => name === "Demo shop");
  await ask("mutation ($id: ID!) { pauseAccount(input: { accountId: $id }) { id } }", shop);
  await send("+14155550186", "a pear for nobody", DEMO_SHOP);

  await page.goto(`/w/${workspaceId}/messages`);
  await tabTo(page, page.getByRole("searchbox"));
  await page.keyboard.type("a pear for nobody");
  await tabTo(
    page,
    page.getByRole("combobox", { name: "Status" }).or(page.getByRole("textbox", { name: "Status" })),
  );
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(/status=/);
  // What stood there before both filters goes once their answer has come.
  const found = page.getByRole("row").getByRole("link");
  await expect(found).toHaveCount(1);
  await tabTo(page, found);
  await page.keyboard.press("Enter");
  await expect(page.getByText("The sending account is paused")).toBeVisible();
  const cancel = page.getByRole("main").getByRole("button", { name: "Cancel message" });
  await tabTo(page, cancel);
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("button", { name: "Keep it", exact: true })).toBeFocused();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByText("Canceled").first()).toBeVisible();
  await expect(dialog).toHaveCount(0);
  // Its button is gone: one goes on from where it was, not from the top.
  await expect(cancel).toHaveCount(0);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("main").locator(":focus")).toBeVisible();
  await ask("mutation ($id: ID!) { resumeAccount(input: { accountId: $id }) { id } }", shop);
});

test("a button that was busy still has the keyboard", async ({ page, openDemo }) => {
  const workspaceId = await openDemo(page);
  await page.goto(`/w/${workspaceId}/webhook`);
  await tabTo(page, page.getByRole("button", { name: "Show URL" }));
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Hide URL" })).toBeFocused();
  await page.keyboard.press("Shift+Tab");
  await expect(page.getByRole("button", { name: "Copy the URL" })).toBeFocused();
});
