import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { CREDITS, CREDITS_OVER_TIME, LEDGER } from "@/credits/documents";
import type { LedgerQueryVariables, LedgerRowFragment } from "@/gql/graphql";
import { span } from "@/ui/days";
import { all, open, WORKSPACE } from "./open";
import { answers, server } from "./server";

const AT = "2026-01-31T09:00:00Z";
const grant: LedgerRowFragment = {
  id: "c1",
  kind: "GRANT",
  amount: 1_000,
  balanceAfter: 1_000,
  messageId: null,
  failure: null,
  reason: "Welcome",
  at: AT,
};
const restore: LedgerRowFragment = {
  ...grant,
  id: "c2",
  kind: "RESTORE",
  amount: 2,
  messageId: "wa_backend:3EB09FCC85FE99662E46",
  failure: "NOT_ON_WHATSAPP",
  reason: null,
};

/** The ledger's questions, as they came. */
function shows(balance: number, ...rows: LedgerRowFragment[]): LedgerQueryVariables[] {
  const asked: LedgerQueryVariables[] = [];
  const totals = { granted: 1_000, charged: 12, restored: 2, adjusted: 0 };
  const activity = [{ at: AT, chargedCredits: 12, restoredCredits: 2 }];
  server.use(
    answers(CREDITS, () => ({ workspace: { credits: { balance, queued: 3, totals } } })),
    answers(CREDITS_OVER_TIME, () => ({ workspace: { activity } })),
    answers(LEDGER, (variables) => {
      asked.push(variables);
      return { workspace: { credits: { entries: all(...rows) } } };
    }),
  );
  return asked;
}

test("what is left, what is bound and what was spent stand above the ledger", async () => {
  shows(990, grant, restore);
  await open("credits");
  expect((await screen.findByText("Left")).parentElement?.textContent).toContain("990");
  expect(screen.getByText("Spent in 30 days").parentElement?.textContent).toContain(
    "12\u00a0charged, 2\u00a0given\u00a0back",
  );
  const back = (await screen.findByText("This number is not on WhatsApp.")).closest("[role=row]");
  expect(back?.textContent).toContain("+2");
  expect(back?.querySelector("a")?.getAttribute("href")).toContain(
    "/messages/wa_backend:3EB09FCC85FE99662E46",
  );
  expect(screen.getByText("Welcome").closest("[role=row]")?.textContent).toContain("+1,000");
});

test("without credits it says what that means, and whom to ask for what", async () => {
  shows(0);
  await open("credits");
  expect(await screen.findByText("New messages are refused until more are granted.")).toBeTruthy();
  expect(screen.getByText(/Ask whoever runs this installation for credits/)).toBeTruthy();
  expect(screen.getByText(WORKSPACE)).toBeTruthy();
  expect(screen.getByRole("button", { name: "Copy the workspace ID" })).toBeTruthy();
  expect(await screen.findByText("Nothing has moved yet")).toBeTruthy();
});

test("filters come from the address, and are cleared together", async () => {
  const asked = shows(990);
  const router = await open("credits?kind=%5B%22RESTORE%22%2C%22nonsense%22%5D&from=2026-01-31&to=not-a-day");
  expect(await screen.findByText("No entry fits these filters.")).toBeTruthy();
  expect(asked[0]).toMatchObject({ kinds: ["RESTORE"], since: span({ from: "2026-01-31" }).since });
  expect(asked[0]?.until).toBeUndefined();
  // One above the list, and one where its rows would be.
  const clear = screen.getAllByRole("button", { name: "Clear filters" });
  expect(clear).toHaveLength(2);
  await userEvent.click(clear[1] as HTMLElement);
  expect(await screen.findByText("Nothing has moved yet")).toBeTruthy();
  expect(router.state.location.search).toEqual({});
});

test("the chart's numbers can be read as a table", async () => {
  shows(990);
  await open("credits?period=day");
  await userEvent.click(await screen.findByText("The numbers as a table"));
  const table = screen.getByRole("table", { name: "Charged and given back" });
  expect(table.textContent).toContain("12");
});
