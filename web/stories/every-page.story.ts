import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "@playwright/test";
import type { AxeResults, RunOptions } from "axe-core";
import { pagesFor, prepare, show } from "./look";
import { LOCALES, THEMES, WIDTHS } from "./pages";
import { expect, test } from "./story";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES: RunOptions = {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
};

declare global {
  interface Window {
    axe: { run: (options: RunOptions) => Promise<AxeResults> };
  }
}

for (const theme of THEMES) {
  for (const locale of LOCALES) {
    test(`pages of a ${theme} theme in ${locale} are accessible and fit a phone`, async ({
      page,
      send,
      openDemo,
    }) => {
      test.slow();
      for (const width of WIDTHS) {
        for (const each of pagesFor(true)) await look(page, each.path(none), { theme, locale, width });
      }
      const ids = await prepare(page, await openDemo(await english(page)), send);
      for (const width of WIDTHS) {
        for (const each of pagesFor(false)) await look(page, each.path(ids), { theme, locale, width });
      }
    });
  }
}

const none = { workspaceId: "", read: "", failed: "", account: "" };

async function look(page: Page, path: string, how: Parameters<typeof show>[2]): Promise<void> {
  await show(page, path, how);
  await page.evaluate(AXE);
  const { violations } = await page.evaluate((rules) => window.axe.run(rules), RULES);
  const found = violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)]);
  expect.soft(found, `${path} ${JSON.stringify(how)}`).toEqual([]);
  const sideways = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
  expect.soft(sideways, `${path} at ${how.width} px`).toBeLessThanOrEqual(0);
}

/** Pages remember what the loop before them chose. */
async function english(page: Page): Promise<Page> {
  await page.addInitScript(() => localStorage.setItem("nhip-locale", "en"));
  return page;
}
