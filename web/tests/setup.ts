import { cleanup, configure } from "@testing-library/react";
import { afterAll, afterEach, beforeAll, vi } from "vitest";
import { clearToasts } from "@/ui/toasts";
import { server } from "./server";

// There is no socket here: what pages show is what they read. The stories see events.
vi.mock("@/api/live", async (original) => ({ ...(await original<object>()), useLive() {} }));

// What passes waits for neither: something else may compile meanwhile.
configure({ asyncUtilTimeout: 50_000 });

// What the test browser lacks and Mantine asks for.
Object.defineProperty(window, "matchMedia", {
  value: (query: string) => ({
    matches: false,
    media: query,
    addEventListener() {},
    removeEventListener() {},
  }),
});
Object.defineProperty(document, "fonts", { value: { addEventListener() {}, removeEventListener() {} } });
Object.defineProperty(window, "scrollTo", { value() {} });

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => {
  cleanup();
  // Toasts are kept outside of React.
  clearToasts();
  server.resetHandlers();
  localStorage.clear();
  sessionStorage.clear();
});
afterAll(() => server.close());
