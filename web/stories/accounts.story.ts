import { expectAccessible } from "./axe";
import { DEMO_SHOP, expect, pauseDemo, test } from "./story";

test("a paused account keeps its queue, and sends it once it is resumed", async ({
  page,
  send,
  openDemo,
}) => {
  const workspaceId = await openDemo(page);
  await pauseDemo(page);

  const ids = [await send("+14151231234", "one", DEMO_SHOP), await send("+14151231234", "two", DEMO_SHOP)];
  await expect(page.getByText("2 messages wait")).toBeVisible();
  await page.goto(`/w/${workspaceId}/messages/${ids[0]}`);
  await expect(page.getByText("The sending account is paused")).toBeVisible();
  await page.goBack();

  await page.getByRole("button", { name: "Resume" }).click();
  await expect(page.getByText("Nothing waits.")).toBeVisible();
  await page.goto(`/w/${workspaceId}/messages/${ids[1]}`);
  await expect(page.getByText("Taken by WhatsApp")).toBeVisible();
});

test("an account is connected, slowed down and disconnected", async ({ page, openDemo }) => {
  const workspaceId = await openDemo(page);
  await page.goto(`/w/${workspaceId}/accounts`);
  await page.getByRole("button", { name: "Connect an account" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("9 numbers to try").click();
  await expect(dialog.getByText("+12025550101")).toBeVisible();
  await expectAccessible(page, "connecting an account");
  await dialog.getByRole("textbox", { name: "Phone number" }).fill("+84901234567");
  await dialog.getByRole("textbox", { name: "Name" }).fill("Saigon");
  await dialog.getByRole("button", { name: "Connect an account" }).click();
  await expect(page.getByRole("heading", { name: "Saigon" })).toBeVisible();
  await expect(page.getByText("About 1,800 messages an hour")).toBeVisible();

  await page.getByRole("textbox", { name: "Longest pause" }).fill("4.5");
  await expect(page.getByText("About 1,200 messages an hour")).toBeVisible();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("The new pace holds from the next message on.")).toBeVisible();

  await page.getByRole("button", { name: "More actions" }).click();
  await page.getByRole("menuitem", { name: "Disconnect" }).click();
  await expect(page.getByText("Nothing waits in its queue.")).toBeVisible();
  await page.getByRole("dialog").getByRole("button", { name: "Disconnect" }).click();
  await expect(page).toHaveURL(/accounts$/);
  await expect(page.getByRole("link", { name: "Demo shop" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Saigon" })).toHaveCount(0);
});
