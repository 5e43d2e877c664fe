import { NONE, pagesFor, prepare, show } from "./look";
import { LOCALES, THEMES, WIDTHS } from "./pages";
import { test } from "./story";

test("every page, in each theme, language and width, into web/screenshots", async ({
  page,
  send,
  openDemo,
}) => {
  test.setTimeout(600_000);
  const shoot = async (name: string, path: string) => {
    for (const theme of THEMES) {
      for (const locale of LOCALES) {
        for (const width of WIDTHS) {
          await show(page, path, { theme, locale, width });
          await page.screenshot({ path: `screenshots/${name}-${theme}-${locale}-${width}.png` });
        }
      }
    }
  };
  for (const each of pagesFor(true)) await shoot(each.name, each.path(NONE));
  await page.addInitScript(() => localStorage.setItem("nhip-locale", "en"));
  const ids = await prepare(page, await openDemo(page), send);
  for (const each of pagesFor(false)) await shoot(each.name, each.path(ids));
});
