import { logInOverApi } from "./owner";
import { expect, test } from "./story";

// Others of this worker send by the same account, and would wait behind what is left.
test.afterEach(async ({ program }) => {
  const ask = await logInOverApi(program.url);
  const { workspaces } = await ask<{ workspaces: { id: string }[] }>("{ workspaces { id } }");
  for (const { id } of workspaces) {
    const cancel =
      "mutation ($id: ID!) { cancelMessages(input: { workspaceId: $id, which: { allQueued: true } }) { count } }";
    await ask(cancel, { id });
  }
});

test("a list that begins far down its page has a row wherever one scrolls to", async ({
  page,
  send,
  openDemo,
}) => {
  const workspaceId = await openDemo(page);
  for (let count = 0; count < 120; count += 1) await send("+14155550161", `entry ${count}`);
  await page.goto(`/w/${workspaceId}/credits`);
  const ledger = page.getByRole("table", { name: "Ledger" });
  await expect(ledger.getByRole("row").nth(5)).toBeVisible();
  // Reads on until there is enough to scroll in.
  await expect(async () => {
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    expect(Number(await ledger.getAttribute("aria-rowcount"))).toBeGreaterThan(100);
  }).toPass();
  await page.evaluate(() => scrollTo(0, 3_000));
  const topmost = () =>
    page.evaluate(() => {
      const list = document.querySelector("[role=table]")?.getBoundingClientRect();
      const middle = (list?.left ?? 0) + (list?.width ?? 0) / 2;
      return (
        document.elementFromPoint(middle, 30)?.closest("[role=row]")?.getAttribute("aria-rowindex") ?? null
      );
    });
  await expect.poll(topmost).not.toBeNull();
});

test("a long list tells what is new, and shows it once one is at its top", async ({
  page,
  send,
  openDemo,
}) => {
  const workspaceId = await openDemo(page);
  for (let count = 0; count < 160; count += 1) await send("+12025550104", `old ${count}`);
  await page.goto(`/w/${workspaceId}/messages`);
  const list = page.getByRole("table", { name: "Messages" });
  await expect(list.getByRole("row").nth(5)).toBeVisible();
  await expect(async () => {
    await page.evaluate(() => scrollTo(0, document.body.scrollHeight));
    expect(Number(await list.getAttribute("aria-rowcount"))).toBeGreaterThan(102);
  }).toPass();
  await page.evaluate(() => scrollTo(0, 2_000));
  await send("+12025550104", "new one");
  await page.getByRole("button", { name: "1 new message" }).click();
  await expect(list.getByRole("row").filter({ hasText: "new one" })).toBeVisible();
  await send("+12025550104", "and another");
  await expect(list.getByRole("row").filter({ hasText: "and another" })).toBeVisible();
});
