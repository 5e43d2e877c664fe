import { readFile } from "node:fs/promises";
import { expectAccessible } from "./axe";
import { expect, test } from "./story";

const HELLO = JSON.stringify({ action: "send", phone: "+14151231234", text: "over the webhook" });

test("rotating the URL stops the old one at once, and the new one works", async ({
  page,
  program,
  openDemo,
}) => {
  const post = (url: string) => fetch(url, { method: "POST", body: HELLO });
  const workspaceId = await openDemo(page);
  await page.goto(`/w/${workspaceId}/webhook`);
  await page.getByRole("button", { name: "Show URL" }).click();
  await expect(page.getByText(program.webhookUrl, { exact: true })).toBeVisible();
  await expectAccessible(page, "the shown URL");

  await page.getByRole("button", { name: "Generate new URL" }).click();
  const dialog = page.getByRole("dialog", { name: "Generate a new URL?" });
  await expect(dialog).toContainText("The old URL stops at once");
  await dialog.getByRole("button", { name: "Generate new URL" }).click();
  await expect(page.getByText(program.webhookUrl, { exact: true })).toHaveCount(0);
  const fresh = (await page.locator("code", { hasText: "/webhook/nhip_wh_" }).first().textContent()) ?? "";

  const old = await post(program.webhookUrl);
  expect([old.status, await old.json()]).toMatchObject([404, { message: "Webhook not found" }]);
  expect((await post(fresh)).status).toBe(200);
  await expect(page.getByRole("listitem").filter({ hasText: "over the webhook" })).toBeVisible();

  await page.getByRole("link", { name: "Overview" }).click();
  await page.getByRole("link", { name: "Incoming webhook" }).click();
  await expect(page.getByRole("button", { name: "Show URL" })).toBeVisible();
  await expect(page.getByText(fresh)).toHaveCount(0);
  // Others of this worker post to the program's URL.
  program.webhookUrl = fresh;
});

test("a body with a mistake is shown as it came, its place marked, with what to do", async ({
  page,
  program,
  openDemo,
}) => {
  const workspaceId = await openDemo(page);
  await page.goto(`/w/${workspaceId}/webhook`);
  const body =
    '{\n  "action": "send",\n  "text": "lorem ipsum"\n  "file_url": "https://example.com/a.png"\n}';
  await fetch(program.webhookUrl, { method: "POST", body });
  const call = page.getByRole("listitem").filter({ hasText: "The body is not valid JSON." }).first();
  await call.getByRole("button").first().click();
  await expect(call.getByText("Put a comma just before the marked place.")).toBeVisible();
  await expect(call.getByText("Line 4, column 3", { exact: true })).toBeVisible();
  await expect(call.locator("mark")).toHaveText('"');
  await expectAccessible(page, "a refused call");
  await page.reload();
  await expect(page.locator("mark")).toHaveText('"');
});

test("a link that cannot be sent is explained before anybody sends it", async ({ page, openDemo }) => {
  const workspaceId = await openDemo(page);
  await page.goto(`/w/${workspaceId}/webhook?tab=file`);
  await page.getByRole("textbox", { name: "Link" }).fill("http://127.0.0.1/price-list.pdf");
  await page.getByRole("button", { name: "Check the link" }).click();
  await expect(page.getByText("The link leads to a private address.")).toBeVisible();
  await expect(page.getByText("Put the file where everybody on the internet can download it.")).toBeVisible();
});

test("a message with such a link fails, and its page says why", async ({ page, program, openDemo }) => {
  const workspaceId = await openDemo(page);
  const file = { file_url: "http://127.0.0.1/price-list.pdf", file_name: "price-list.pdf" };
  const body = JSON.stringify({ action: "send", phone: "+14151231234", text: "our prices", ...file });
  const response = await fetch(program.webhookUrl, { method: "POST", body });
  const { data } = (await response.json()) as { data: { message_id: string } };
  await page.goto(`/w/${workspaceId}/messages/${data.message_id}`);
  await expect(page.getByText("The link leads to a private address.")).toBeVisible();
  await expect(page.getByText("2 credits taken and given back")).toBeVisible();
});

test("a request is built, sent from the page, and followed to its end", async ({ page, openDemo }) => {
  const workspaceId = await openDemo(page);
  await page.goto(`/w/${workspaceId}/webhook?tab=try`);
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(page.getByText("Say who shall get it.")).toBeVisible();
  await page
    .getByRole("combobox", { name: "Recipient" })
    .or(page.getByRole("textbox", { name: "Recipient" }))
    .fill("+14151231234");
  await page.getByRole("textbox", { name: "Text" }).fill("it's tried");
  await expect(
    page.getByRole("region", { name: "Code for your tool" }).getByText("it'\\''s tried"),
  ).toBeVisible();
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(page.getByText("HTTP 200")).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: "Read" })).toBeVisible();
});

test("the log is saved as a file, and the reference opens with the workspace's own URL", async ({
  page,
  program,
  openDemo,
}) => {
  const workspaceId = await openDemo(page);
  const answer = await fetch(program.webhookUrl, { method: "POST", body: HELLO });
  const { data } = (await answer.json()) as { data: { message_id: string } };
  await page.goto(`/w/${workspaceId}/webhook`);
  const download = async (format: string) => {
    await page.getByRole("button", { name: "Download log" }).click();
    const saved = page.waitForEvent("download");
    await page.getByRole("menuitem", { name: format }).click();
    const file = await saved;
    return { name: file.suggestedFilename(), text: await readFile(await file.path(), "utf8") };
  };
  const table = await download("CSV, for spreadsheets");
  expect(table.name).toMatch(/\.csv$/);
  expect(table.text.split(/\r?\n/)[1]).toContain(data.message_id);
  const text = await download("Text, to read");
  expect(text.name).toMatch(/\.txt$/);
  expect(text.text).toContain(data.message_id);
  const json = await download("JSON, for programs");
  expect(json.name).toMatch(/\.json$/);
  expect(JSON.stringify(JSON.parse(json.text))).toContain(data.message_id);

  const opened = page.waitForEvent("popup");
  await page.getByRole("link", { name: "Reference" }).click();
  const reference = await opened;
  await expect(reference.getByText(program.webhookUrl).first()).toBeVisible();
  await expect(reference).not.toHaveURL(/nhip_wh_/);
});
