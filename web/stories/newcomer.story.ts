import { expect, test } from "./story";

test("a newcomer opens the demo, and watches their first message being sent and read", async ({
  page,
  send,
  openDemo,
}) => {
  await openDemo(page);
  await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();
  await page.getByRole("link", { name: "Messages", exact: true }).click();

  await send("+14151231234", "my very first message");
  const row = page.getByRole("row").filter({ hasText: "my very first message" });
  await expect(row).toBeVisible();
  await expect(row.getByText("Read")).toBeVisible();

  await row.getByRole("link").click();
  await expect(page.getByRole("listitem").filter({ hasText: "Accepted and queued" })).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: "Taken by WhatsApp" })).toBeVisible();
  await expect(page.getByText("1 credit taken")).toBeVisible();
});

test("a message that cannot be sent says why, what to do, and that its credit came back", async ({
  page,
  send,
  openDemo,
}) => {
  const workspaceId = await openDemo(page);
  const id = await send("+12025550101", "nobody reads this");
  await page.goto(`/w/${workspaceId}/messages/${id}`);
  await expect(page.getByText("This number is not on WhatsApp.")).toBeVisible();
  await expect(page.getByText("Check the number, or reach this person another way.")).toBeVisible();
  await expect(page.getByText("1 credit taken and given back")).toBeVisible();
});

test("filters stand in the address, and survive a reload", async ({ page, send, openDemo }) => {
  const workspaceId = await openDemo(page);
  await page.goto(`/w/${workspaceId}/messages`);
  await send("+14151231234", "apples and pears");
  await send("+14151231234", "plums");
  await expect(page.getByRole("row").filter({ hasText: "plums" })).toBeVisible();
  await page.getByRole("searchbox").fill("pears");
  await expect(page).toHaveURL(/q=pears/);
  const fruit = page.getByRole("row").filter({ hasText: /apples|plums/ });
  await expect(fruit).toHaveText([/apples and pears/]);
  await page.reload();
  await expect(page).toHaveURL(/q=pears/);
  await expect(fruit).toHaveText([/apples and pears/]);
});

test("no token is within a script's reach, and tabs that wake together stay logged in", async ({
  page,
  context,
  openDemo,
}) => {
  await openDemo(page);
  const kept = await page.evaluate(
    () => JSON.stringify(localStorage) + JSON.stringify(sessionStorage) + document.cookie,
  );
  expect(kept).not.toMatch(/nhip_rt_|eyJ/);
  const others = await Promise.all([context.newPage(), context.newPage(), context.newPage()]);
  await Promise.all([page, ...others].map((tab) => tab.goto("/")));
  for (const tab of [page, ...others])
    await expect(tab.getByRole("heading", { name: "Overview" })).toBeVisible();
});

test("who is logged out comes back to the page that they wanted, unless they left it themselves", async ({
  page,
  openDemo,
}) => {
  await openDemo(page);
  await page.context().clearCookies();
  await page.goto("/settings/profile");
  await expect(page).toHaveURL(/\/login\?next=/);
  await page.getByRole("button", { name: "Open the demo" }).click();
  await expect(page.getByRole("heading", { name: "Profile" })).toBeVisible();

  await page.getByRole("button", { name: /demo@nhip.local/ }).click();
  await page.getByRole("menuitem", { name: "Log out" }).click();
  await expect(page).toHaveURL(/\/login$/);
  await page.getByRole("button", { name: "Open the demo" }).click();
  await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();
});
