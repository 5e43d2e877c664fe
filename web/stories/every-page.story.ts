import type { Page } from "@playwright/test";
import { expectAccessible } from "./axe";
import { NONE, pagesFor, prepare, show } from "./look";
import { LOCALES, THEMES, WIDTHS } from "./pages";
import { test } from "./story";

for (const theme of THEMES) {
  for (const locale of LOCALES) {
    for (const width of WIDTHS) {
      test(`pages of a ${theme} theme in ${locale}, ${width} px wide, are accessible and fit`, async ({
        page,
        send,
        openDemo,
      }) => {
        test.slow();
        for (const each of pagesFor(true)) await look(page, each.path(NONE), { theme, locale, width });
        const ids = await prepare(page, await openDemo(await english(page)), send);
        for (const each of pagesFor(false)) await look(page, each.path(ids), { theme, locale, width });
      });
    }
  }
}

async function look(page: Page, path: string, how: Parameters<typeof show>[2]): Promise<void> {
  await show(page, path, how);
  await expectAccessible(page, `${path} ${JSON.stringify(how)}`);
}

/** Pages remember what the loop before them chose. */
async function english(page: Page): Promise<Page> {
  await page.addInitScript(() => localStorage.setItem("nhip-locale", "en"));
  return page;
}
