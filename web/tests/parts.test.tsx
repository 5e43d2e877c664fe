import { act, fireEvent, screen } from "@testing-library/react";
import { useState } from "react";
import { afterEach, expect, test, vi } from "vitest";
import { CopyButton } from "@/ui/copy";
import { EndlessTable } from "@/ui/endless";
import { ClearFilters, SearchField } from "@/ui/filters";
import { Time } from "@/ui/time";
import { show } from "./show";

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** A browser at a plain-http address. */
function withoutClipboard(works: boolean) {
  Object.defineProperty(navigator, "clipboard", { value: undefined, configurable: true });
  const copied: string[] = [];
  document.execCommand = () => {
    const area = document.activeElement;
    if (area instanceof HTMLTextAreaElement) copied.push(area.value);
    return works;
  };
  return copied;
}

test("without a clipboard API the text is copied from beside the button, which keeps the keyboard", async () => {
  await show(<CopyButton text="a secret" />);
  const copied = withoutClipboard(true);
  const button = screen.getByRole("button", { name: "Copy" });
  button.focus();
  await act(async () => button.click());
  expect(copied).toEqual(["a secret"]);
  expect(document.activeElement).toBe(button);
  expect(button.getAttribute("aria-label")).toBe("Copied");
  expect(document.querySelector("textarea")).toBeNull();
});

test("what was not copied does not say that it was", async () => {
  await show(<CopyButton text="a secret" />);
  withoutClipboard(false);
  await act(async () => screen.getByRole("button", { name: "Copy" }).click());
  expect(await screen.findByText(/copy it yourself/)).toBeTruthy();
  expect(screen.getByRole("button", { name: "Copy" })).toBeTruthy();
});

/** Leaves that text in the search field, in no time. */
function type(value: string): void {
  fireEvent.change(screen.getByRole("searchbox"), { target: { value } });
}

test("what was being typed does not come back once the filters are cleared", async () => {
  const asked: string[] = [];
  const clear = vi.fn();
  await show(
    <>
      <SearchField label="Search" value="" onChange={(text) => asked.push(text)} />
      <ClearFilters onClear={clear} />
    </>,
  );
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  type("pear");
  fireEvent.click(screen.getByRole("button", { name: "Clear filters" }));
  act(() => vi.runAllTimers());
  expect(clear).toHaveBeenCalled();
  expect(asked).toEqual([]);
  expect((screen.getByRole("searchbox") as HTMLInputElement).value).toBe("");
});

test("what is typed on while the address follows is not lost", async () => {
  const asked: string[] = [];
  let arrive = () => {};
  function Slow() {
    const [value, setValue] = useState("");
    const follow = (text: string) => {
      asked.push(text);
      arrive = () => setValue(text);
    };
    return <SearchField label="Search" value={value} onChange={follow} />;
  }
  await show(<Slow />);
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  type("pe");
  act(() => vi.runAllTimers());
  type("pear");
  expect(asked).toEqual(["pe"]);
  act(() => arrive());
  expect((screen.getByRole("searchbox") as HTMLInputElement).value).toBe("pear");
});

test("what has happened is never ahead, however long nobody looked at the clock", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 3_600_000 });
  await show(<Time at={new Date().toISOString()} />);
  expect(screen.getByText("just now")).toBeTruthy();
});

test("a server whose clock is fast does not date what happened into the future", async () => {
  const at = new Date(Date.now() + 120_000).toISOString();
  await show(
    <>
      <p data-testid="past">
        <Time at={at} />
      </p>
      <p data-testid="ahead">
        <Time at={at} ahead />
      </p>
    </>,
  );
  expect(screen.getByTestId("past").textContent).toBe("just now");
  expect(screen.getByTestId("ahead").textContent).toMatch(/^in [12] min/);
});

test("what was asked for before is dimmed until what is asked for now has come", async () => {
  const list = {
    rows: [{ id: "a" }],
    isPending: false,
    isSuccess: true,
    error: null,
    refetch: vi.fn(),
    hasNextPage: false,
    isFetchingNextPage: false,
    fetchNextPage: vi.fn(),
  };
  const table = (isPlaceholderData: boolean) => (
    <EndlessTable label="Rows" columns={[]} list={{ ...list, isPlaceholderData }} nothing={null} />
  );
  await show(table(true));
  expect(screen.getByRole("table").parentElement?.getAttribute("aria-busy")).toBe("true");
});
