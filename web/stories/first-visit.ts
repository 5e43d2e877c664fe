import type { Page } from "@playwright/test";
import { NONE, pagesFor, prepare, type Send, standsStill } from "./look";

/** As slow a processor as Google's limits for a page are meant for: four times slower than this one. */
const SLOWDOWN = 4;
const MEASURED = ["login", "overview", "webhook", "messages", "chats", "credits"];

/** What somebody saw who came to a page for the first time. */
interface Paint {
  /** Largest Contentful Paint, in milliseconds. */
  lcp: number;
  /** Cumulative Layout Shift, a share of the window. */
  cls: number;
}

interface Visits {
  page: Page;
  send: Send;
  openDemo: (page: Page) => Promise<string>;
}

declare global {
  interface Window {
    paint: Paint;
  }
}

/** The pages that people come to first, each with a `visit` that may be repeated; those of the demo after it has messages. */
export async function* firstVisits({ page, send, openDemo }: Visits) {
  await page.addInitScript(watch);
  for (const { name, path } of measured(true)) yield { name, visit: () => firstVisit(page, path(NONE)) };
  const ids = await prepare(page, await openDemo(page), send);
  for (const { name, path } of measured(false)) yield { name, visit: () => firstVisit(page, path(ids)) };
}

function measured(loggedOut: boolean) {
  return pagesFor(loggedOut).filter(({ name }) => MEASURED.includes(name));
}

/** With nothing cached: neither files nor what V8 compiled of them. */
export async function firstVisit(page: Page, path: string): Promise<Paint> {
  const browser = await page.context().newCDPSession(page);
  await page.goto("/favicon.svg");
  await browser.send("Network.clearBrowserCache");
  await browser.send("Emulation.setCPUThrottlingRate", { rate: SLOWDOWN });
  await page.goto(path);
  await standsStill(page);
  const paint = await page.evaluate(() => window.paint);
  await browser.send("Emulation.setCPUThrottlingRate", { rate: 1 });
  await browser.detach();
  return paint;
}

export function best(times: number[]): number {
  return Math.round(Math.min(...times));
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
