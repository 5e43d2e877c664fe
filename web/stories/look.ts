import type { Page } from "@playwright/test";
import { type Ids, type LOCALES, PAGES, type PageToLookAt, type THEMES } from "./pages";
import { expect } from "./story";

/** For pages that need no ids. */
export const NONE: Ids = { workspaceId: "", read: "", failed: "", chat: "", account: "" };

interface Look {
  theme: (typeof THEMES)[number];
  locale: (typeof LOCALES)[number];
  width: number;
}

/** As the fixture of that name does. */
export type Send = (phone: string, text: string, account?: string) => Promise<string>;

/** Some messages to look at: read ones, and one to a number that is not on WhatsApp. */
export async function prepare(page: Page, workspaceId: string, send: Send): Promise<Ids> {
  const read = await send("+14151231234", "Your order 1042 is on its way. It arrives tomorrow before noon.");
  const failed = await send("+12025550101", "Your appointment is confirmed for Friday, 9:30.");
  await send("+14155550123", "Cảm ơn bạn đã mua hàng! Mã giảm giá cho lần sau: NHIP10");
  await page.goto(`/w/${workspaceId}/messages`);
  await reached(page, "Your appointment", "Failed");
  await reached(page, "Your order 1042", "Read");
  await reached(page, "Cảm ơn bạn", "Read");
  return {
    workspaceId,
    read,
    failed,
    chat: await firstOf(page, workspaceId, "chats"),
    account: await firstOf(page, workspaceId, "accounts"),
  };
}

/** The newest message with that text has come so far; stories before this one may have sent it too. */
async function reached(page: Page, text: string, status: string): Promise<void> {
  const row = page.getByRole("row").filter({ hasText: text }).first();
  await expect(row.getByText(status)).toBeVisible();
}

/** What the first row of a list leads to, of that name if one is given. */
export async function firstOf(page: Page, workspaceId: string, list: string, name?: string): Promise<string> {
  await page.goto(`/w/${workspaceId}/${list}`);
  const href = await page.getByRole("row").getByRole("link", { name }).first().getAttribute("href");
  return href?.split("/").at(-1) ?? "";
}

/** From the next page on, in that language: as if it was chosen before logging in, or the person's own would hold. */
export async function speak(page: Page, locale: Look["locale"]): Promise<void> {
  await page.addInitScript((locale) => {
    localStorage.setItem("nhip-locale", locale);
    sessionStorage.setItem("nhip-locale-chosen", locale);
  }, locale);
}

/** Shows a page as `look` has it, and waits until it stands still. */
export async function show(page: Page, path: string, { theme, locale, width }: Look): Promise<void> {
  await page.setViewportSize({ width, height: width < 600 ? 844 : 900 });
  await page.addInitScript((theme) => localStorage.setItem("nhip-theme", theme), theme);
  await speak(page, locale);
  // An address with a hash that differs in nothing else would not be loaded again.
  if (path.includes("#")) await page.goto("/favicon.svg");
  await page.goto(path);
  await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", theme);
  await expect(page.locator("html")).toHaveAttribute("lang", locale);
  await standsStill(page);
}

/** What was loading is there, in its own letters, and has been painted. */
export async function standsStill(page: Page): Promise<void> {
  await expect(page.getByRole("main").locator("h1, strong").first()).toBeVisible();
  await expect(page.getByRole("status", { name: /Loading|Đang tải/ })).toHaveCount(0);
  await page.evaluate(async () => {
    await document.fonts.ready;
    const painted = () => new Promise((resolve) => requestAnimationFrame(resolve));
    await painted();
    await painted();
  });
}

export function pagesFor(loggedOut: boolean): PageToLookAt[] {
  return PAGES.filter((each) => Boolean(each.loggedOut) === loggedOut);
}
