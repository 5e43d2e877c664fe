import type { Page } from "@playwright/test";
import { expectAccessible } from "./axe";
import { NONE, pagesFor, prepare, show, speak } from "./look";
import { type Ids, LOCALES, type PageToLookAt, THEMES, WIDTHS } from "./pages";
import { test } from "./story";

const [WIDE, NARROW] = WIDTHS;

// Each theme comes last once: it is that which is looked at on a phone, too.
for (const [locale, themes] of [
  [LOCALES[0], THEMES],
  [LOCALES[1], THEMES.toReversed()],
] as const) {
  test(`every page in ${locale} is accessible and fits, in both themes and on a phone`, async ({
    page,
    send,
    openDemo,
  }) => {
    test.slow();
    await page.emulateMedia({ reducedMotion: "reduce" });
    for (const each of pagesFor(true)) await look(page, each, NONE);
    await speak(page, "en");
    const ids = await prepare(page, await openDemo(page), send);
    for (const each of pagesFor(false)) await look(page, each, ids);
  });

  /** Loaded once: a theme is an attribute, a width is the window's. */
  async function look(page: Page, { name, path }: PageToLookAt, ids: Ids): Promise<void> {
    const [first] = themes;
    await show(page, path(ids), { theme: first ?? "light", locale, width: WIDE });
    for (const theme of themes) {
      await page.evaluate(async (theme) => {
        document.documentElement.dataset.mantineColorScheme = theme;
        await new Promise((resolve) => requestAnimationFrame(resolve));
        const fading = document.getAnimations().filter((each) => each instanceof CSSTransition);
        await Promise.allSettled(fading.map(({ finished }) => finished));
      }, theme);
      await expectAccessible(page, `${name}, ${theme}, ${locale}`);
    }
    await page.setViewportSize({ width: NARROW, height: 844 });
    await expectAccessible(page, `${name}, ${themes.at(-1)}, ${locale}, on a phone`);
  }
}
