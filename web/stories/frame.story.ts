import { startProgram } from "./program";
import { expect, test } from "./story";

test("a part that is missing says so in its place, and comes once it can be fetched", async ({
  page,
  openDemo,
}) => {
  const workspaceId = await openDemo(page);
  await page.goto(`/w/${workspaceId}/webhook`);
  await expect(page.getByRole("tab", { name: "Try it" })).toBeVisible();
  await page.route("**/assets/try-it-*.js", (route) => route.abort());
  // After an upgrade that helps; here it is as missing as before.
  const loadedAnew = page.waitForEvent("load");
  await page.getByRole("tab", { name: "Try it" }).click();
  await loadedAnew;
  await expect(page.getByText("The service cannot be reached. Check your connection.")).toBeVisible();
  await expect(page.getByRole("heading", { name: "Incoming webhook" })).toBeVisible();
  await page.unroute("**/assets/try-it-*.js");
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("textbox", { name: "Text" })).toBeVisible();
});

test("a page whose code is missing keeps what stands around it", async ({ page, openDemo }) => {
  const workspaceId = await openDemo(page);
  await page.goto(`/w/${workspaceId}/webhook`);
  await expect(page.getByRole("tab", { name: "Try it" })).toBeVisible();
  // No connection: also none to look whether the service is there.
  await page.route("**/*", (route) => route.abort());
  await page.getByRole("link", { name: "Credits" }).click();
  await expect(page.getByText("The service cannot be reached. Check your connection.").first()).toBeVisible();
  await expect(page.getByRole("link", { name: "Overview" })).toBeVisible();
  await page.unroute("**/*");
  await page.getByRole("main").getByRole("button", { name: "Try again" }).first().click();
  await expect(page.getByRole("heading", { name: "Credits", exact: true })).toBeVisible();
});

test("a question is there without a connection, and does not outlive its page", async ({
  page,
  openDemo,
}) => {
  const workspaceId = await openDemo(page);
  await page.getByRole("link", { name: "Incoming webhook" }).click();
  const opener = page.getByRole("button", { name: "Generate new URL" });
  await expect(opener).toBeVisible();
  await page.route("**/assets/**", (route) => route.abort());
  const dialog = page.getByRole("dialog");
  await opener.click();
  await expect(dialog).toBeVisible();
  await page.unroute("**/assets/**");
  await page.goBack();
  await expect(page).toHaveURL(new RegExp(`/w/${workspaceId}$`));
  await expect(dialog).toHaveCount(0);

  // What covers a phone's page is what Back leaves.
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goForward();
  await opener.click();
  await expect(dialog).toBeVisible();
  await page.goBack();
  await expect(dialog).toHaveCount(0);
  await expect(page).toHaveURL(/\/webhook/);
  await page.getByRole("button", { name: "Open the menu" }).click();
  await expect(dialog).toBeVisible();
  await page.goBack();
  await expect(dialog).toHaveCount(0);
  await expect(page).toHaveURL(/\/webhook/);
  await page.goBack();
  await expect(page).toHaveURL(new RegExp(`/w/${workspaceId}$`));
});

test("a call that needs a look is in sight and has the keyboard, and opening another keeps one's place", async ({
  page,
  program,
  openDemo,
}) => {
  await page.setViewportSize({ width: 1280, height: 500 });
  const workspaceId = await openDemo(page);
  await fetch(program.webhookUrl, { method: "POST", body: '{"action": "nothing"}' });
  for (let calls = 0; calls < 15; calls += 1) {
    await fetch(program.webhookUrl, {
      method: "POST",
      body: '{"action":"send","phone":"+14151231234","text":"x"}',
    });
  }
  await page.goto(`/w/${workspaceId}`);
  await page.getByRole("link", { name: /A field has a value that cannot be used/ }).click();
  const call = page.getByRole("button", { expanded: true });
  await expect(call).toBeFocused();
  await expect(call).toBeInViewport();
  const before = await page.evaluate(() => scrollY);
  expect(before).toBeGreaterThan(100);
  await page.getByRole("main").getByRole("listitem").getByRole("button").nth(10).click();
  await expect(call).toBeInViewport();
  expect(await page.evaluate(() => scrollY)).toBeGreaterThan(100);
});

test("a service that is gone is told, and so is its return", async ({ page }) => {
  const program = await startProgram();
  try {
    await page.goto(program.url);
    await page.getByRole("button", { name: "Open the demo" }).click();
    await page.waitForURL(/\/w\//);
    await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();
    await expect(page.getByText(/No connection to Nhip/)).toHaveCount(0);
  } finally {
    await program.stop();
  }
  await expect(page.getByText(/No connection to Nhip since .*; trying again/)).toBeVisible();
  await page.route("**/healthz", (route) => route.fulfill({ body: "ok" }));
  await expect(page.getByText(/No connection to Nhip/)).toHaveCount(0);
});

test("what stands at no address keeps the way to everything else", async ({ page, openDemo }) => {
  const workspaceId = await openDemo(page);
  await page.goto(`/w/${workspaceId}/nothing`);
  await expect(page.getByRole("heading", { name: "There is nothing here" })).toBeVisible();
  await expect(page).toHaveTitle("There is nothing here · Nhip");
  await page.getByRole("link", { name: "Messages" }).click();
  await expect(page.getByRole("heading", { name: "Messages" })).toBeVisible();
});
