import { defineConfig } from "@playwright/test";

/** Stories against the real program, in the system's Chromium. */
export default defineConfig({
  testDir: "stories",
  fullyParallel: true,
  workers: 2,
  forbidOnly: true,
  // What passes waits for neither, also on a machine ten times slower than a quiet one. A lane may have to send first what
  // earlier stories of its program queued.
  timeout: 600_000,
  expect: { timeout: 60_000 },
  reporter: [["list"]],
  use: {
    // Twice the time, for a film of what failed: where the error's page does not say enough.
    trace: process.env.TRACE ? "retain-on-failure" : "off",
    locale: "en",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      // Chromium's own sandbox does not work as root, which containers usually are.
      args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
    },
  },
  projects: [
    { name: "stories", testMatch: /\.story\.ts$/ },
    // It measures, so it is not a test.
    { name: "bench", testMatch: /\.bench\.ts$/ },
    { name: "screenshots", testMatch: /\.screenshots\.ts$/ },
  ],
});
