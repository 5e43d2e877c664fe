import type { CDPSession, Page } from "@playwright/test";
import { NONE, pagesFor, prepare, standsStill } from "./look";
import { expect, test } from "./story";

/** Google's "good", on a processor four times slower than this one. Milliseconds, and a share of the window. */
const LCP = 2_000;
const CLS = 0.1;
const SLOWDOWN = 4;
/** Other work on this machine only ever adds, so the best of so many loads is what the page itself takes. */
const LOADS = 10;
const MEASURED = ["login", "overview", "webhook", "messages", "chats", "credits"];

interface Paint {
  lcp: number;
  cls: number;
}

declare global {
  interface Window {
    paint: Paint;
  }
}

test("a first visit paints within 2 seconds on a slow processor, and nothing jumps", async ({
  page,
  send,
  openDemo,
}) => {
  test.setTimeout(300_000);
  await page.addInitScript(watch);
  const browser = await page.context().newCDPSession(page);
  for (const { name, path } of measured(true)) await expectFast(page, browser, name, path(NONE));
  const ids = await prepare(page, await openDemo(page), send);
  for (const { name, path } of measured(false)) await expectFast(page, browser, name, path(ids));
});

function measured(loggedOut: boolean) {
  return pagesFor(loggedOut).filter(({ name }) => MEASURED.includes(name));
}

/** Loads until one is fast enough; what jumps, jumps each time, so it may in none. */
async function expectFast(page: Page, browser: CDPSession, name: string, path: string): Promise<void> {
  const paints: Paint[] = [];
  do paints.push(await firstVisit(page, browser, path));
  while (best(paints) > LCP && paints.length < LOADS);
  const cls = Math.max(...paints.map((paint) => paint.cls));
  process.stdout.write(`     ${name}: LCP ${best(paints)} ms (${paints.length}), CLS ${cls.toFixed(3)}\n`);
  expect.soft(best(paints), `LCP of ${name}, in ms`).toBeLessThanOrEqual(LCP);
  expect.soft(cls, `CLS of ${name}`).toBeLessThanOrEqual(CLS);
}

function best(paints: Paint[]): number {
  return Math.round(Math.min(...paints.map(({ lcp }) => lcp)));
}

/** With nothing cached: neither files nor what V8 compiled of them. */
async function firstVisit(page: Page, browser: CDPSession, path: string): Promise<Paint> {
  await page.goto("/favicon.svg");
  await browser.send("Network.clearBrowserCache");
  await browser.send("Emulation.setCPUThrottlingRate", { rate: SLOWDOWN });
  await page.goto(path);
  await standsStill(page);
  const paint = await page.evaluate(() => window.paint);
  await browser.send("Emulation.setCPUThrottlingRate", { rate: 1 });
  return paint;
}

/** Runs in the page, before anything else does. */
function watch(): void {
  const paint = { lcp: 0, cls: 0 };
  window.paint = paint;
  new PerformanceObserver((list) => {
    for (const { startTime } of list.getEntries()) paint.lcp = startTime;
  }).observe({ type: "largest-contentful-paint", buffered: true });
  new PerformanceObserver((list) => {
    for (const shift of list.getEntries() as (PerformanceEntry & {
      value: number;
      hadRecentInput: boolean;
    })[])
      if (!shift.hadRecentInput) paint.cls += shift.value;
  }).observe({ type: "layout-shift", buffered: true });
}
