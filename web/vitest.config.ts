import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: {
    alias: {
      "@": fileURLToPath(new URL("./src", import.meta.url)),
      // One file instead of five thousand.
      "@tabler/icons-react": fileURLToPath(
        new URL("./node_modules/@tabler/icons-react/dist/cjs/tabler-icons-react.cjs", import.meta.url),
      ),
    },
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.{ts,tsx}", "tests/**/*.test.{ts,tsx}"],
    // Thousands of lines about a page that is not laid out.
    onConsoleLog: (log) => !log.includes("use-focus-trap"),
    setupFiles: ["tests/setup.ts"],
    css: { modules: { classNameStrategy: "non-scoped" } },
    restoreMocks: true,
    // Whole pages are typed into, perhaps while something else compiles.
    testTimeout: 300_000,
    expect: { poll: { timeout: 10_000 } },
  },
});
