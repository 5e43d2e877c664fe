import type { Browser, Page } from "@playwright/test";

/** Invites somebody as the owner who has `page` open; the link. */
export async function invite(
  page: Page,
  workspaceId: string,
  email: string,
  role = "Member",
): Promise<string> {
  await page.goto(`/w/${workspaceId}/settings/members`);
  await page.getByRole("button", { name: "Invite", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Invite somebody" });
  await dialog.getByLabel("E-mail").fill(email);
  await dialog.getByRole("combobox", { name: "Role" }).click();
  await page.getByRole("option", { name: role }).click();
  await dialog.getByRole("button", { name: "Make invitation" }).click();
  const ready = page.getByRole("dialog", { name: "The invitation is ready" });
  const link = await ready.getByText(/invitation#token=/).textContent();
  await ready.getByRole("button", { name: "Done" }).click();
  return link ?? "";
}

/** Somebody in a browser of their own, who comes by the link and chooses a name. */
export async function join(browser: Browser, link: string, name: string): Promise<Page> {
  const page = await (await browser.newContext({ locale: "en" })).newPage();
  await page.goto(link);
  await page.getByLabel("Your name").fill(name);
  await page.getByLabel("Password", { exact: true }).fill("correct horse battery staple");
  await page.getByRole("button", { name: "Join", exact: true }).click();
  await page.waitForURL(/\/w\//);
  return page;
}
