import type { Page } from "@playwright/test";
import { test } from "./at-meta";
import { fillQueues, openDay, pretendAPast } from "./day";
import { NONE, pagesFor, show, speak, standsStill } from "./look";
import { LOCALES, THEMES, WIDTHS } from "./pages";
import { STATES } from "./states";

/** Names of some, where not all are wanted. */
const only = process.env.ONLY?.split(",");

test("every page, in each theme, language and width, into web/screenshots", async ({
  page,
  program,
  meta,
  send,
  openDemo,
}) => {
  test.setTimeout(3_600_000);
  for (const each of pagesFor(true)) await shoot(page, each.name, each.path(NONE));
  await speak(page, "en");
  await openDemo(page);
  const ids = await openDay({ program, meta, send });
  await pretendAPast(page, ids.workspaceId);
  for (const each of pagesFor(false)) {
    if (each.name === "overview") await fillQueues(send);
    await shoot(page, each.name, each.path(ids));
  }
  for (const { name, path, act } of STATES) await shoot(page, name, path(ids), act);
});

/** In all looks; `act` is what somebody does first. */
async function shoot(
  page: Page,
  name: string,
  path: string,
  act?: (page: Page) => Promise<void>,
): Promise<void> {
  if (only && !only.includes(name)) return;
  for (const theme of THEMES) {
    for (const locale of LOCALES) {
      for (const width of WIDTHS) {
        await show(page, path, { theme, locale, width });
        await act?.(page);
        await standsStill(page);
        await page.screenshot({
          path: `screenshots/${name}-${theme}-${locale}-${width}.png`,
          animations: "disabled",
        });
        await page.context().setOffline(false);
      }
    }
  }
}
