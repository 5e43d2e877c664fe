import { DEMO_SHOP, expect, pauseDemo, test } from "./story";

test("a chat's address ends in its number, and what is written there is sent and read", async ({
  page,
  send,
  openDemo,
}) => {
  const workspaceId = await openDemo(page);
  await send("+14155550177", "the first one opens the chat");
  await page.getByRole("link", { name: "Chats" }).click();
  const row = page.getByRole("row").filter({ hasText: "+14155550177" });
  await row.getByRole("link").click();
  await expect(page).toHaveURL(new RegExp(`/w/${workspaceId}/chats/\\d+$`));
  const log = page.getByRole("log");
  await expect(log.getByText("the first one opens the chat")).toBeVisible();

  await page.getByRole("textbox", { name: "Write a message" }).fill("written in the dashboard");
  await expect(page.getByText("This costs 1 credit.")).toBeVisible();
  await page.keyboard.press("Enter");
  const bubble = log.getByRole("listitem").filter({ hasText: "written in the dashboard" });
  await expect(bubble.getByText("Read")).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Write a message" })).toHaveValue("");

  await page.getByRole("button", { name: "Rename" }).click();
  await page.getByRole("dialog").getByLabel("Name").fill("Cô Hoa");
  await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { name: "Cô Hoa" })).toBeVisible();
});

test("a failed message is sent again as a new one", async ({ page, send, openDemo }) => {
  const workspaceId = await openDemo(page);
  const failed = await send("+12025550101", "to nobody");
  await page.goto(`/w/${workspaceId}/messages/${failed}`);
  await page.getByRole("button", { name: "Send again" }).click();
  await expect(page).toHaveURL(
    (url) => /\/messages\/wa_backend:\w+$/.test(url.pathname) && !url.pathname.endsWith(failed),
  );
  const again = decodeURIComponent(new URL(page.url()).pathname.split("/").at(-1) ?? "");
  await expect(page.getByText(again)).toBeVisible();
  await expect(page.getByText("This number is not on WhatsApp.")).toBeVisible();
});

test("a queued message that is canceled gives its credit back", async ({ page, send, openDemo }) => {
  const workspaceId = await openDemo(page);
  await pauseDemo(page);
  const account = page.url();

  const queued = await send("+14155550188", "in the queue", DEMO_SHOP);
  await page.goto(`/w/${workspaceId}/messages/${queued}`);
  await page.getByRole("button", { name: "Cancel message" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Cancel message" }).click();
  await expect(page.getByText("1 credit taken and given back")).toBeVisible();

  await page.goto(`/w/${workspaceId}/credits?kind=%5B%22RESTORE%22%5D`);
  const entry = page.getByRole("row").filter({ hasText: "Message that was not sent" }).first();
  await expect(entry).toContainText("+1");
  await entry.getByRole("link").click();
  await expect(page).toHaveURL((url) => url.pathname.endsWith(`/messages/${queued}`));

  // Others of this worker send by it.
  await page.goto(account);
  await page.getByRole("button", { name: "Resume" }).click();
  await expect(page.getByText("It is connected and sends.")).toBeVisible();
});

test("all that wait in an account's queue are canceled at once, and cost nothing", async ({
  page,
  send,
  openDemo,
}) => {
  await openDemo(page);
  await pauseDemo(page);
  const account = page.url();
  for (const text of ["one", "two", "three"]) await send("+14155550189", text, DEMO_SHOP);
  await expect(page.getByText("3 messages wait")).toBeVisible();
  await page.getByRole("link", { name: "See what waits" }).click();
  await expect(page.getByRole("row").filter({ hasText: "three" })).toBeVisible();

  await page.goto(account);
  await page.getByRole("button", { name: "Cancel all waiting" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText("Cancel the 3 waiting messages?")).toBeVisible();
  await expect(dialog.getByText(/3\scredits come back/)).toBeVisible();
  await dialog.getByRole("button", { name: "Cancel them" }).click();
  await expect(page.getByText("3 messages were canceled; 3 credits came back.")).toBeVisible();
  await expect(page.getByText("Nothing waits.")).toBeVisible();

  await page.getByRole("button", { name: "Resume" }).click();
  await expect(page.getByText("It is connected and sends.")).toBeVisible();
});
