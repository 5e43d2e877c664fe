import type { Page } from "@playwright/test";
import { invite, join } from "./guests";
import { expect, test, workspaceOf } from "./story";

test("who is invited joins by the link, and a member sees nothing that only admins may", async ({
  page,
  browser,
  openDemo,
}) => {
  const workspaceId = await openDemo(page);
  const theirs = await join(browser, await invite(page, workspaceId, "lan@example.com"), "Lan");

  await theirs.getByRole("link", { name: "Members & settings" }).click();
  await expect(theirs.getByRole("row").filter({ hasText: "Lan (you)" })).toContainText("Member");
  const tabs = theirs.getByRole("navigation", { name: "Members & settings" });
  await expect(tabs.getByRole("link")).toHaveText(["Members", "Workspace"]);
  await expect(theirs.getByRole("button", { name: "Invite" })).toHaveCount(0);
  await expect(theirs.getByRole("heading", { name: "Invitations" })).toHaveCount(0);
  await tabs.getByRole("link", { name: "Workspace" }).click();
  await expect(theirs.getByRole("heading", { name: "Another workspace" })).toBeVisible();
  await expect(theirs.getByRole("button", { name: "Delete workspace" })).toHaveCount(0);
  for (const hidden of ["tokens", "audit"]) {
    await theirs.goto(`${new URL(theirs.url()).origin}/w/${workspaceId}/settings/${hidden}`);
    await expect(theirs.getByText("There is nothing here")).toBeVisible();
  }

  await page.goto(`/w/${workspaceId}/settings/audit`);
  await expect(page.getByText("Invited lan@example.com as Member")).toBeVisible();
  await expect(page.getByText("Accepted an invitation and joined as Member").first()).toBeVisible();
});

test("an invitation's link works once", async ({ page, browser, openDemo }) => {
  const link = await invite(page, await openDemo(page), "minh@example.com");
  await join(browser, link, "Minh");
  const late = await (await browser.newContext({ locale: "en" })).newPage();
  await late.goto(link);
  await expect(late.getByText("This invitation does not work any more")).toBeVisible();
});

test("whoever removes an admin is offered a new webhook URL, and the old one stops", async ({
  page,
  browser,
  openDemo,
}) => {
  const workspaceId = await openDemo(page);
  const own = await newWorkspace(page, workspaceId, "Rotation");
  await join(browser, await invite(page, own, "an@example.com", "Admin"), "An");

  await page.goto(`/w/${own}/settings/members`);
  await page.getByRole("button", { name: "Actions for An" }).click();
  await page.getByRole("menuitem", { name: "Remove from workspace" }).click();
  await page.getByRole("button", { name: "Remove from workspace" }).click();
  await page.getByRole("button", { name: "Generate new URL" }).click();
  const told = page.getByRole("dialog", { name: "Your new webhook URL" });
  await expect(told.getByText(/\/webhook\/nhip_wh_/)).toBeVisible();
  await told.getByRole("button", { name: "Done" }).click();
  await expect(page.getByRole("row").filter({ hasText: "an@example.com" })).toHaveCount(0);
});

test("an API token is shown once, and opens the API until it is revoked", async ({
  page,
  program,
  openDemo,
}) => {
  const workspaceId = await openDemo(page);
  await page.goto(`/w/${workspaceId}/settings/tokens`);
  await page.getByRole("button", { name: "Create token" }).click();
  const dialog = page.getByRole("dialog", { name: "Create an API token" });
  await dialog.getByRole("textbox", { name: "Name" }).fill("Night report");
  await dialog.getByRole("button", { name: "Create token" }).click();
  const made = page.getByRole("dialog", { name: "Your new API token" });
  const token = await made.getByText(/nhip_at_/).textContent();
  await made.getByRole("button", { name: "Done" }).click();
  const ask = async () => {
    const body = JSON.stringify({ query: "{ workspaces { id } }" });
    const headers = { "Content-Type": "application/json", Authorization: `Bearer ${token}` };
    const response = await fetch(`${program.url}/graphql`, { method: "POST", headers, body });
    return (await response.json()) as { data?: { workspaces: { id: string }[] } };
  };
  expect((await ask()).data?.workspaces).toEqual([{ id: workspaceId }]);

  await page.getByRole("button", { name: "Revoke Night report" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await expect(page.getByText("No API tokens")).toBeVisible();
  expect((await ask()).data?.workspaces).toBeUndefined();
});

/** A workspace of its own, where nothing that happens troubles other stories. */
async function newWorkspace(page: Page, from: string, name: string): Promise<string> {
  await page.goto(`/w/${from}/settings/workspace`);
  await page.getByLabel("Workspace name").fill(name);
  await page.getByRole("button", { name: "Create workspace" }).click();
  await page.waitForURL(({ pathname }) => pathname.startsWith("/w/") && !pathname.includes(from));
  return workspaceOf(page);
}

test("another role holds at once in the browser of whoever has it, and leaving ends it", async ({
  page,
  browser,
  openDemo,
}) => {
  test.slow();
  const own = await newWorkspace(page, await openDemo(page), "Roles");
  const theirs = await join(browser, await invite(page, own, "hanh@example.com"), "Hạnh");
  await theirs.getByRole("link", { name: "Members & settings" }).click();
  const tabs = theirs.getByRole("navigation", { name: "Members & settings" });
  await expect(tabs.getByRole("link")).toHaveText(["Members", "Workspace"]);

  await page.goto(`/w/${own}/settings/members`);
  await page.getByRole("combobox", { name: "Role of Hạnh" }).click();
  await page.getByRole("option", { name: "Admin" }).click();
  await expect(page.getByText("The role was changed.")).toBeVisible();
  // Nothing is loaded anew over there: whoever comes back to the tab sees it, and whoever stays within half a minute.
  await expect(async () => {
    await theirs.evaluate(() => dispatchEvent(new Event("visibilitychange")));
    const shown = ["Members", "API tokens", "Audit log", "Workspace"];
    await expect(tabs.getByRole("link")).toHaveText(shown, { timeout: 1_000 });
  }).toPass({ timeout: 120_000 });

  await theirs.getByRole("button", { name: "Actions for yourself" }).click();
  await theirs.getByRole("menuitem", { name: "Leave workspace" }).click();
  await theirs.getByRole("dialog").getByRole("button", { name: "Leave workspace" }).click();
  await expect(theirs.getByText("You left the workspace.")).toBeVisible();
  await expect(theirs).not.toHaveURL(new RegExp(own));
  await page.reload();
  const members = page.getByRole("row").filter({ hasText: "@" });
  await expect(members).toHaveText([/\(you\)/]);
});

test("a deleted workspace is gone at once, and so is its webhook", async ({ page, openDemo }) => {
  const own = await newWorkspace(page, await openDemo(page), "Short-lived");
  await page.goto(`/w/${own}/webhook`);
  await page
    .getByRole("button", { name: /^(Generate|Create) / })
    .first()
    .click();
  const url = (await page.locator("code", { hasText: "/webhook/nhip_wh_" }).first().textContent()) ?? "";
  await page.goto(`/w/${own}/settings/workspace`);
  await page.getByRole("button", { name: "Delete workspace" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Type “Short-lived” to confirm").fill("Short-lived");
  await dialog.getByRole("button", { name: "Delete workspace" }).click();
  await expect(page.getByText("“Short-lived” was deleted.")).toBeVisible();
  await expect(page).not.toHaveURL(new RegExp(own));
  expect((await fetch(url, { method: "POST", body: "{}" })).status).toBe(404);
  await page.goto(`/w/${own}`);
  await expect(page.getByText("There is nothing here")).toBeVisible();
});
