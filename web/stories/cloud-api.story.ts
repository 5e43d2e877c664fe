import type { Page } from "@playwright/test";
import { test } from "./at-meta";
import { expectAccessible } from "./axe";
import { show, speak } from "./look";
import type { Meta, NumberAtMeta } from "./meta";
import { LOCALES, THEMES, WIDTHS } from "./pages";
import { expect } from "./story";

test("an owner connects a number at Meta, is told what is wrong, and sees a message being read", async ({
  page,
  meta,
  openDemo,
}) => {
  test.slow();
  const number = meta.addNumber("+14155550123");
  const workspaceId = await openDemo(page);
  await openForm(page, workspaceId);
  const dialog = page.getByRole("dialog");
  await enter(page, { ...number, accessToken: "EAAGcopiedTooLittle" });
  const token = dialog.getByLabel("Access token");
  await expect(token).toHaveAccessibleDescription(/Meta does not take this token/);
  await expect(dialog.getByText("Look at the marked field, and try again.")).toBeVisible();
  await enter(page, { ...number, phone: "+14155550199" });
  const phone = dialog.getByLabel("Phone number", { exact: true });
  await expect(phone).toHaveAccessibleDescription(/is Meta's id of \+14155550123/);
  await enter(page, { ...number, appSecret: "0123456789abcdef0123456789abcdef" });
  await expect(dialog.getByLabel("App secret")).toHaveAccessibleDescription(/not the secret of the app/);
  await expect(token).not.toHaveAccessibleDescription(/Meta does not take/);

  await enter(page, number);
  await verifyAtMeta(page, meta, number);
  await expect(page.getByText("It is connected and sends.")).toBeVisible();

  await tryIt(page, workspaceId, "+14155550177", "they never wrote");
  await expect(page.getByText("The contact has not written within the last 24 hours.").first()).toBeVisible();
  await meta.write(number, "14155550178", "Ada");
  await tryIt(page, workspaceId, "+14155550178", "here you are");
  await expect(page.getByRole("listitem").filter({ hasText: "Taken by WhatsApp" })).toBeVisible();
  await page.getByRole("link", { name: "Open the message" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: "Taken by WhatsApp" })).toBeVisible();
  await meta.report(await meta.taken("here you are"), "sent", "delivered", "read");
  for (const step of ["Arrived on the phone", "Read"])
    await expect(page.getByRole("listitem").filter({ hasText: step })).toBeVisible();
});

test("who writes is answered; a token that ran out holds what waits until another one is entered", async ({
  page,
  meta,
  openDemo,
}) => {
  test.slow();
  const number = meta.addNumber("+14155550124");
  const workspaceId = await openDemo(page);
  const account = await connect(page, workspaceId, meta, number);
  await meta.write(number, "84901234567", "Cô Hoa");
  await page.getByRole("link", { name: "Chats" }).click();
  await page.getByRole("row").filter({ hasText: "Cô Hoa" }).getByRole("link").click();
  await expect(page.getByText("You may write freely until")).toBeVisible();
  const bubble = (text: string) => page.getByRole("log").getByRole("listitem").filter({ hasText: text });
  await say(page, "Your flowers wait for you.");
  await meta.report(await meta.taken("Your flowers wait for you."), "sent", "delivered", "read");
  await expect(bubble("Your flowers wait for you.").getByText("Read")).toBeVisible();

  const token = meta.renewToken(number);
  await say(page, "We close at six.");
  await expect(bubble("We close at six.").getByText("Queued")).toBeVisible();
  const chat = page.url();
  await page.goto(account);
  await expect(page.getByText("Its access token has expired.")).toBeVisible();
  await expect(
    page.getByText("Make a new token at Meta, then enter it by “Update credentials”."),
  ).toBeVisible();
  await expect(page.getByText("1 message waits")).toBeVisible();
  await page.getByRole("button", { name: "Update credentials" }).click();
  await enter(page, { ...number, accessToken: token }, "Check and save");
  await expect(page.getByText("Meta takes the new credentials.")).toBeVisible();
  await expect(page.getByText("It is connected and sends.")).toBeVisible();
  await page.goto(chat);
  await meta.report(await meta.taken("We close at six."), "sent", "delivered", "read");
  await expect(bubble("We close at six.").getByText("Read")).toBeVisible();
});

test("connecting an account at Meta, and its page, are accessible and fit in every look", async ({
  page,
  meta,
  openDemo,
}) => {
  test.slow();
  await speak(page, "en");
  const number = meta.addNumber("+14155550125");
  const workspaceId = await openDemo(page);
  const account = await connect(page, workspaceId, meta, number);
  await meta.write(number, "84901234568", "Chú Ba");
  await page.getByRole("link", { name: "Chats" }).click();
  await page.getByRole("row").filter({ hasText: "Chú Ba" }).getByRole("link").click();
  meta.renewToken(number);
  await say(page, "Cảm ơn bạn");
  const chat = page.url();
  await page.goto(account);
  await expect(page.getByText("Its access token has expired.")).toBeVisible();

  for (const [theme, locale, width] of [
    [THEMES[0], LOCALES[0], WIDTHS[0]],
    [THEMES[1], LOCALES[1], WIDTHS[0]],
    [THEMES[0], LOCALES[1], WIDTHS[1]],
    [THEMES[1], LOCALES[0], WIDTHS[1]],
  ] as const) {
    const where = `${theme} ${locale} ${width}`;
    await show(page, account, { theme, locale, width });
    await expectAccessible(page, `an account at Meta, ${where}`);
    await show(page, chat, { theme, locale, width });
    await expectAccessible(page, `its chat, ${where}`);
    await show(page, `/w/${workspaceId}/accounts`, { theme, locale, width });
    await page.getByRole("button", { name: /^(Connect an account|Kết nối tài khoản)$/ }).click();
    await page.getByText("WhatsApp Cloud API").click();
    await expect(page.locator('input[name="appSecret"]')).toBeVisible();
    await expectAccessible(page, `the form, ${where}`);
  }
});

async function openForm(page: Page, workspaceId: string): Promise<void> {
  await page.goto(`/w/${workspaceId}/accounts`);
  await page.getByRole("button", { name: "Connect an account" }).click();
  await page.getByRole("dialog").getByText("WhatsApp Cloud API").click();
}

/** Fills in what is asked for, and sends it off. */
async function enter(page: Page, number: NumberAtMeta, submit = "Connect an account"): Promise<void> {
  const dialog = page.getByRole("dialog");
  const phone = dialog.getByLabel("Phone number", { exact: true });
  if (submit === "Connect an account") await phone.fill(number.phone);
  await dialog.getByLabel("Phone number ID").fill(number.phoneNumberId);
  await dialog.getByLabel("WhatsApp Business Account ID").fill(number.businessAccountId);
  await dialog.getByLabel("Access token").fill(number.accessToken);
  await dialog.getByLabel("App secret").fill(number.appSecret);
  await dialog.getByRole("button", { name: submit }).click();
}

/** Copies what the last step shows into Meta's page, which asks the URL at once; then goes on to the account. */
async function verifyAtMeta(page: Page, meta: Meta, number: NumberAtMeta): Promise<void> {
  const dialog = page.getByRole("dialog", { name: "One thing to do at Meta" });
  const [callbackUrl, verifyToken] = [dialog.locator("code").first(), dialog.locator("code").last()];
  await expect(callbackUrl).toHaveText(/\/whatsapp\/cloud\//);
  await meta.verify(number, await callbackUrl.innerText(), await verifyToken.innerText());
  await dialog.getByRole("button", { name: "Done" }).click();
  await page.waitForURL(/\/accounts\//);
}

/** Connects a number as its owner would; the address of the account's page. */
async function connect(page: Page, workspaceId: string, meta: Meta, number: NumberAtMeta): Promise<string> {
  await openForm(page, workspaceId);
  await enter(page, number);
  await verifyAtMeta(page, meta, number);
  return page.url();
}

async function tryIt(page: Page, workspaceId: string, phone: string, text: string): Promise<void> {
  await page.goto(`/w/${workspaceId}/webhook?tab=try`);
  await page
    .getByRole("combobox", { name: "Recipient" })
    .or(page.getByRole("textbox", { name: "Recipient" }))
    .fill(phone);
  await page.getByRole("textbox", { name: "Text" }).fill(text);
  await page.getByRole("button", { name: "Send", exact: true }).click();
}

async function say(page: Page, text: string): Promise<void> {
  await page.getByRole("textbox", { name: "Write a message" }).fill(text);
  await page.getByRole("button", { name: "Send", exact: true }).click();
  await expect(page.getByRole("log").getByText(text)).toBeVisible();
}
