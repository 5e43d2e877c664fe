import type { Locator, Page } from "@playwright/test";
import { expect } from "./story";

/** More stops than any page has. */
const MANY = 150;

/** Goes on by Tab to `target`; at every stop before, one sees where one is. */
export async function tabTo(page: Page, target: Locator): Promise<void> {
  await go("Tab", page, target);
}

/** The same, backwards. */
export async function tabBackTo(page: Page, target: Locator): Promise<void> {
  await go("Shift+Tab", page, target);
}

async function go(keys: string, page: Page, target: Locator): Promise<void> {
  await expect(target).toBeVisible();
  for (let stops = 0; stops < MANY; stops += 1) {
    await page.keyboard.press(keys);
    await expectSeen(page);
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`${keys} does not come to ${target}`);
}

/** Goes through the whole page by Tab: every stop is seen, and what can be used is reached. */
export async function walkThrough(page: Page, where: string): Promise<void> {
  await page.evaluate(mark);
  for (let stops = 0; stops < MANY; stops += 1) {
    await page.keyboard.press("Tab");
    if (!(await page.evaluate(visit))) break;
    await expectSeen(page, where);
  }
  expect(await page.evaluate(missed), where).toEqual([]);
}

/** What has the keyboard is in sight, and a ring around it or around what stands for it. */
async function expectSeen(page: Page, where = ""): Promise<void> {
  await expect.poll(() => page.evaluate(unseen), { message: where }).toBeNull();
}

/** Those of a group of choices are one stop; what is disabled is none. */
function mark(): void {
  const controls = "a[href], button, input, select, textarea, summary, [tabindex]";
  for (const element of document.querySelectorAll<HTMLElement>(controls)) {
    const stop = element.tabIndex >= 0 && !element.matches(":disabled, [type=radio], [type=hidden]");
    if (stop && element.checkVisibility({ visibilityProperty: true })) element.dataset.unvisited = "";
  }
}

/** Whether the keyboard is still somewhere new. Date fields have several stops, which are one element. */
function visit(): boolean {
  const at = document.activeElement;
  if (!(at instanceof HTMLElement) || at === document.body) return false;
  const again = "visited" in at.dataset && at.getAttribute("type") !== "date";
  delete at.dataset.unvisited;
  at.dataset.visited = "";
  return !again;
}

function missed(): string[] {
  return [...document.querySelectorAll("[data-unvisited]")].map(({ outerHTML }) => outerHTML.slice(0, 200));
}

function unseen(): string | null {
  const at = document.activeElement;
  if (!(at instanceof HTMLElement) || at === document.body) return "nothing has the keyboard";
  const field = at.closest(".mantine-Input-input");
  // A switch's, a choice's and a chart's own element is hidden: what is drawn for it has the ring, as rows have.
  const drawn = [
    at,
    at.nextElementSibling,
    at.closest("[role=row], li"),
    at.closest("figure")?.querySelector("svg")?.parentElement,
  ];
  const ringed = drawn.find((each) => each && getComputedStyle(each).outlineStyle === "solid");
  const shown = ringed ?? (field && getComputedStyle(field).boxShadow !== "none" ? field : null);
  if (!shown) return `no ring: ${at.outerHTML.slice(0, 200)}`;
  const { top, bottom, left, right } = shown.getBoundingClientRect();
  const bar = document.querySelector("header:not(main *)");
  const covered =
    bar && at.closest("main") && bar.getBoundingClientRect().bottom > at.getBoundingClientRect().top;
  const inSight = !covered && bottom > 0 && top < innerHeight && right > 0 && left < innerWidth;
  return inSight ? null : `out of sight: ${at.outerHTML.slice(0, 200)}`;
}
