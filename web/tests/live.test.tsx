import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render } from "@testing-library/react";
import type { Sink } from "graphql-ws";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CALLED } from "@/webhook/documents";

/** What asked for events, and has not been called off. */
const { asked } = vi.hoisted(() => ({ asked: [] as { sink: Sink; isOff: boolean }[] }));
let connect = () => {};

vi.mock("graphql-ws", () => ({
  createClient: () => ({
    on: (_: string, listener: () => void) => {
      connect = listener;
      return () => {};
    },
    subscribe: (_: unknown, sink: Sink) => {
      const one = { sink, isOff: false };
      asked.push(one);
      return () => {
        one.isOff = true;
      };
    },
  }),
}));

const { useLive } = await vi.importActual<typeof import("@/api/live")>("@/api/live");

beforeEach(() => {
  vi.useFakeTimers();
  asked.length = 0;
});
afterEach(() => {
  vi.useRealTimers();
});

function listening() {
  const events: unknown[] = [];
  const queries = new QueryClient();
  const rereads = vi.spyOn(queries, "invalidateQueries");
  function Listens() {
    useLive(CALLED, { workspaceId: "w" }, (event) => events.push(event));
    return null;
  }
  const { unmount } = render(
    <QueryClientProvider client={queries}>
      <Listens />
    </QueryClientProvider>,
  );
  return { events, rereads, unmount };
}

for (const [how, end] of [
  ["ends", (sink: Sink) => sink.complete()],
  ["refuses", (sink: Sink) => sink.error([])],
] as const) {
  test(`what the server ${how} is asked for again, and what was missed is read`, () => {
    const { events, rereads } = listening();
    const first = asked[0]?.sink as Sink;
    end(first);
    expect(asked).toHaveLength(1);
    vi.advanceTimersByTime(1_000);
    expect(asked).toHaveLength(2);
    connect();
    vi.advanceTimersByTime(500);
    expect(rereads).toHaveBeenCalledTimes(1);
    asked[1]?.sink.next({ data: { activationLogged: { id: "a" } } });
    expect(events).toHaveLength(1);
  });
}

test("the more often it ends, the slower it is asked for", () => {
  listening();
  const end = () => asked.at(-1)?.sink.complete();
  for (let times = 0; times < 5; times += 1) {
    end();
    vi.advanceTimersByTime(15_000);
  }
  expect(asked).toHaveLength(6);
  end();
  vi.advanceTimersByTime(7_000);
  expect(asked).toHaveLength(6);
});

test("what nobody shows any more is not asked for again", () => {
  const { unmount } = listening();
  asked[0]?.sink.complete();
  unmount();
  vi.advanceTimersByTime(60_000);
  expect(asked).toHaveLength(1);
});
