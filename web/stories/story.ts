import { test as base, expect, type Page } from "@playwright/test";
import { type Program, startProgram } from "./program";

/** The number of the demo's account. While it is paused, only who names it gets into its queue. */
export const DEMO_SHOP = "+15105566777";

interface Own {
  /** Posts to the webhook as a tool would, for the account with that number or the default one; the message's id. */
  send: (phone: string, text: string, account?: string) => Promise<string>;
  /** Opens the demo by its button; the workspace's id. */
  openDemo: (page: Page) => Promise<string>;
}

/** Chromium logs by itself what was refused and what is not there; so does the router, where a story takes code away. */
const EXPECTED = /^(Failed to load resource|WebSocket connection to|MissingChunk)/;

/**
 * A story: a browser and a program of its own. It fails when a page breaks its Content-Security-Policy, throws, or
 * logs an error. `SLOW=8` shows it on a machine eight times slower, whose answers take as much longer.
 */
export const test = base.extend<Own, { program: Program }>({
  program: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what it takes
    async ({}, use) => {
      const program = await startProgram();
      await use(program);
      await program.stop();
    },
    { scope: "worker" },
  ],

  baseURL: async ({ program }, use) => use(program.url),

  page: async ({ page }, use) => {
    const complaints: string[] = [];
    const browser = page.context();
    browser.on("weberror", (err) => complaints.push(String(err.error())));
    browser.on("console", (line) => {
      if (line.type() === "error" && !EXPECTED.test(line.text())) complaints.push(line.text());
    });
    if (process.env.SLOW) await slowDown(page, Number(process.env.SLOW));
    await use(page);
    expect(complaints).toEqual([]);
  },

  send: async ({ program }, use) =>
    use(async (phone, text, account) => {
      const body = JSON.stringify({ action: "send", whatsapp_account_phone: account, phone, text });
      let response = await fetch(program.webhookUrl, { method: "POST", body });
      // A busy machine may ask to come back: that charged nothing.
      if (response.status === 503) response = await fetch(program.webhookUrl, { method: "POST", body });
      expect(response.status).toBe(200);
      const answer = (await response.json()) as { data: { message_id: string } };
      return answer.data.message_id;
    }),

  openDemo: async ({ page: _ }, use) =>
    use(async (page) => {
      await page.goto("/");
      await page.getByRole("button", { name: "Open the demo" }).click();
      await page.waitForURL(/\/w\//);
      return workspaceOf(page);
    }),
});

/** Answers of a quiet machine take a few milliseconds; these take long enough that one sees what stands there before. */
async function slowDown(page: Page, rate: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate });
  const unlimited = { offline: false, downloadThroughput: -1, uploadThroughput: -1 };
  await session.send("Network.emulateNetworkConditions", { ...unlimited, latency: 40 * rate });
}

/** The id of the workspace that the page is in. */
export function workspaceOf(page: Page): string {
  return new URL(page.url()).pathname.split("/")[2] ?? "";
}

/** From a page of the demo to its account's, and pauses it there. Others of this worker send by it: it is to be resumed. */
export async function pauseDemo(page: Page): Promise<void> {
  await page.goto(`/w/${workspaceOf(page)}/accounts`);
  await page.getByRole("link", { name: "Demo shop" }).click();
  await page.getByRole("button", { name: "Pause" }).click();
  await expect(page.getByText("Paused. It keeps its queue and sends nothing.").first()).toBeVisible();
}

export { expect };
