import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "@playwright/test";
import type { AxeResults, RunOptions } from "axe-core";
import { expect } from "./story";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES: RunOptions = {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
};

const softly = expect.configure({ soft: true });

declare global {
  interface Window {
    axe?: { run: (options: RunOptions) => Promise<AxeResults> };
  }
}

/**
 * Axe finds nothing once the page has come to rest (a dialog that still fades in has weak contrast), and
 * nothing hangs out sideways; `where` stands in the failure.
 */
export async function expectAccessible(page: Page, where: string): Promise<void> {
  if (!(await page.evaluate(() => "axe" in window))) await page.evaluate(AXE);
  await softly.poll(() => violations(page), { message: where }).toEqual([]);
  await softly.poll(() => sideways(page), { message: `${where} hangs out sideways` }).toBeLessThanOrEqual(0);
}

/** What axe finds now: the rule, and the elements that break it. */
async function violations(page: Page) {
  const found = await page.evaluate(async (rules) => (await window.axe?.run(rules))?.violations, RULES);
  return found?.map(({ id, nodes }) => [id, nodes.map((node) => node.html)]);
}

/** By how many pixels the page is wider than its window. */
function sideways(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
}
