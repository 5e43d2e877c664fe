import type { Page } from "@playwright/test";
import { expectAccessible } from "./axe";
import { show } from "./look";
import { LOCALES, THEMES, WIDTHS } from "./pages";
import { expect, test } from "./story";

const AT_META = {
  gateway: "CLOUD_API",
  callbackUrl: "https://nhip.example/whatsapp/cloud/01a205e0-7feb-7c04-a668-d662c3e9c8e5",
  template: null,
};

/** The demo has no account at Meta: its own stands in for one. */
async function pretendToBeAtMeta(page: Page, account: object = {}): Promise<void> {
  await page.route("**/graphql", async (route) => {
    const response = await route.fetch();
    const { data } = await response.json();
    if (data?.service?.gateways) data.service.gateways = ["SIMULATOR", "CLOUD_API"];
    if (data?.workspace?.account) Object.assign(data.workspace.account, AT_META, account);
    if (data?.workspace?.chat?.account) Object.assign(data.workspace.chat.account, AT_META, account);
    await route.fulfill({ response, json: { data } });
  });
}

test("connecting an account at Meta, and its page, are accessible and fit in every look", async ({
  page,
  send,
  openDemo,
}) => {
  test.slow();
  await page.addInitScript(() => localStorage.setItem("nhip-locale", "en"));
  const workspaceId = await openDemo(page);
  await send("+14155550123", "Cảm ơn bạn");
  await page.goto(`/w/${workspaceId}/chats`);
  const chat = (await page.getByRole("row").getByRole("link").first().getAttribute("href")) ?? "";
  await page.goto(`/w/${workspaceId}/accounts`);
  const account = (await page.getByRole("row").getByRole("link").first().getAttribute("href")) ?? "";
  await pretendToBeAtMeta(page, { state: "LOGGED_OUT", reason: "TOKEN_EXPIRED" });
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
