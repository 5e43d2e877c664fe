import { expectAccessible } from "./axe";
import { expect, test } from "./story";

test("a language is remembered for the person, on their next browser too", async ({ page, browser }) => {
  const password = "correct horse battery staple";
  await page.goto("/signup");
  await page.getByLabel("Your name").fill("Hoa");
  await page.getByLabel("E-mail").fill("hoa@example.com");
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByLabel("Workspace name").fill("Tiệm hoa");
  await page.getByRole("button", { name: "Create account" }).click();
  await page.waitForURL(/\/w\//);
  await page.goto("/settings/profile");
  await page.getByText("Tiếng Việt").click();
  await expect(page.getByRole("heading", { name: "Hồ sơ" })).toBeVisible();
  await page.getByRole("link", { name: "Tín dụng" }).click();
  await expect(page.getByRole("heading", { name: "Sổ tín dụng" })).toBeVisible();
  await expect(page.getByText("Đang trong hàng đợi")).toBeVisible();

  const other = await (await browser.newContext({ locale: "en" })).newPage();
  await other.goto(new URL("/login", page.url()).href);
  await other.getByLabel("E-mail").fill("hoa@example.com");
  await other.getByLabel("Password", { exact: true }).fill(password);
  await other.getByRole("button", { name: "Log in", exact: true }).click();
  await expect(other.getByRole("link", { name: "Tin nhắn" })).toBeVisible();
});

test("on a phone the open menu and open dialogs are accessible", async ({ page, openDemo }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const workspaceId = await openDemo(page);
  await page.getByRole("button", { name: "Open the menu" }).click();
  const drawer = page.getByRole("dialog", { name: "Main navigation" });
  await expect(drawer.getByRole("link", { name: "Credits" })).toBeVisible();
  await expectAccessible(page, "the open menu");
  await drawer.getByRole("link", { name: "Members & settings" }).click();
  await expect(page.getByRole("heading", { name: "Members & settings" })).toBeVisible();
  await expect(drawer).toHaveCount(0);

  await page.getByRole("button", { name: "Invite", exact: true }).click();
  await expect(page.getByRole("dialog", { name: "Invite somebody" })).toBeVisible();
  await expectAccessible(page, "the invitation's form");
  await page.keyboard.press("Escape");

  await page.goto(`/w/${workspaceId}/settings/workspace`);
  await page.getByRole("button", { name: "Delete workspace" }).click();
  const asked = page.getByRole("dialog");
  await expect(asked.getByRole("button", { name: "Delete workspace" })).toBeDisabled();
  await expectAccessible(page, "the question before deleting");
});
