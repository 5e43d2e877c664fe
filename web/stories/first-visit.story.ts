import { firstVisits } from "./first-visit";
import { expect, test } from "./story";

/** Google's "good", a share of the window. */
const CLS = 0.1;

test("on a slow processor, nothing jumps while a page comes for the first time", async ({
  page,
  send,
  openDemo,
}) => {
  test.slow();
  for await (const { name, visit } of firstVisits({ page, send, openDemo })) {
    const { cls } = await visit();
    expect.soft(cls, `CLS of ${name}`).toBeLessThanOrEqual(CLS);
  }
});
