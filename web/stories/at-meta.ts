import { Meta } from "./meta";
import { startProgram } from "./program";
import { test as story } from "./story";

/** A story whose program speaks to a Meta of its own. */
export const test = story.extend<object, { meta: Meta }>({
  meta: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of what it takes
    async ({}, use) => {
      const meta = await Meta.open();
      await use(meta);
      await meta.stop();
    },
    { scope: "worker" },
  ],

  program: [
    async ({ meta }, use) => {
      const program = await startProgram({ NHIP_GRAPH_API_URL: meta.url });
      await use(program);
      await program.stop();
    },
    { scope: "worker" },
  ],
});
