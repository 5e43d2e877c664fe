import { HttpResponse, http } from "msw";
import { beforeEach, expect, test, vi } from "vitest";
import { server } from "./server";

/** A module remembers what it heard, so each test has its own. */
let reach: typeof import("@/api/reach");
let since: () => number | undefined;
beforeEach(async () => {
  vi.resetModules();
  reach = await import("@/api/reach");
  const { renderHook } = await import("@testing-library/react");
  const { result } = renderHook(() => reach.useLostSince());
  since = () => result.current;
});

const gone = http.get("/healthz", () => HttpResponse.error());
const there = http.get("/healthz", () => HttpResponse.text("ok"));

test("a service that two readings in a row miss is told as gone, until it is heard of", async () => {
  server.use(gone);
  const back = vi.fn();
  reach.onReturn(back);
  reach.missed();
  expect(since()).toBeUndefined();
  reach.missed();
  await expect.poll(since).toBeGreaterThan(0);
  reach.heard();
  await expect.poll(since).toBeUndefined();
  expect(back).toHaveBeenCalledTimes(1);
});

test("where only a part of it does not answer, the service is not told as gone", async () => {
  let looks = 0;
  server.use(
    http.get("/healthz", () => {
      looks += 1;
      return HttpResponse.text("ok");
    }),
  );
  reach.missed();
  reach.missed();
  await expect.poll(() => looks).toBe(1);
  expect(since()).toBeUndefined();
});

test("a closed socket is told after five seconds, and the return without anybody's help", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  server.use(gone);
  reach.socketClosed();
  await vi.advanceTimersByTimeAsync(4_900);
  expect(since()).toBeUndefined();
  await passing(() => since() !== undefined);
  server.use(there);
  await passing(() => since() === undefined);
  vi.useRealTimers();
});

/** Lets time pass until then; requests take real time. */
async function passing(until: () => boolean): Promise<void> {
  for (let steps = 0; steps < 200 && !until(); steps += 1) {
    await vi.advanceTimersByTimeAsync(100);
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(until()).toBe(true);
}

test("what is changed without a connection fails at once, and is not done later", async () => {
  const { newQueryClient } = await import("@/api/query");
  const { onlineManager } = await import("@tanstack/react-query");
  onlineManager.setOnline(false);
  const queries = newQueryClient();
  const mutation = queries.getMutationCache().build(queries, {
    mutationFn: () => Promise.reject(new Error("No connection")),
  });
  await expect(mutation.execute(undefined)).rejects.toThrow("No connection");
  onlineManager.setOnline(true);
});
