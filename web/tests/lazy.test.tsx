import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { beforeEach, expect, test } from "vitest";
import { useConfirm } from "@/ui/confirm";
import { lazyDialog, lazyWithRetry } from "@/ui/lazy";
import { server } from "./server";
import { show } from "./show";

/** What Chromium says when a part of the program is not there. */
const MISSING = "Failed to fetch dynamically imported module: https://nhip.example/assets/x-1.js";

beforeEach(() => {
  sessionStorage.clear();
  server.use(http.get("/healthz", () => HttpResponse.error()));
});

/** Code that cannot be fetched at first. */
function lostOnce<Part>(part: Part) {
  let lost = true;
  return async () => {
    if (!lost) return { default: part };
    lost = false;
    throw new TypeError(MISSING);
  };
}

test("a part of a page that could not be fetched says so in its place, and is fetched on demand", async () => {
  const Part = lazyWithRetry(lostOnce(() => <p>the part</p>));
  await show(
    <>
      <p>what stands around it</p>
      <Part />
    </>,
  );
  expect(await screen.findByText("The service cannot be reached. Check your connection.")).toBeTruthy();
  expect(screen.getByText("what stands around it")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText("the part")).toBeTruthy();
});

test("a dialog that could not be fetched is told in a toast, and opens the next time", async () => {
  interface Opened {
    opened: boolean;
    onClose: () => void;
  }
  const Dialog = lazyDialog(lostOnce(({ opened }: Opened) => <p>{opened ? "open" : "closed"}</p>));
  let closed = 0;
  const close = () => {
    closed += 1;
  };
  const shown = (opened: boolean) => <Dialog opened={opened} onClose={close} />;
  const { rerender } = await show(shown(true));
  expect(await screen.findByText("The service cannot be reached. Check your connection.")).toBeTruthy();
  expect(closed).toBe(1);
  rerender(shown(false));
  rerender(shown(true));
  expect(await screen.findByText("open")).toBeTruthy();
});

test("a question is there at once: its code came with the page", async () => {
  function Asks() {
    const confirm = useConfirm();
    const ask = () => void confirm({ title: "Really?", body: "It is gone then.", action: "Yes" });
    return (
      <button type="button" onClick={ask}>
        Ask
      </button>
    );
  }
  await show(<Asks />);
  await userEvent.click(screen.getByRole("button", { name: "Ask" }));
  expect(screen.getByRole("dialog", { name: "Really?" })).toBeTruthy();
});
