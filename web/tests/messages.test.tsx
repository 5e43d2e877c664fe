import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, onTestFinished, test } from "vitest";
import type { MessagesQueryVariables } from "@/gql/graphql";
import {
  ACCOUNT_CHOICES,
  ACCOUNT_WAITING,
  CANCEL,
  CANCEL_WAITING,
  CHAT_NAME,
  MESSAGE,
  MESSAGES,
  RESEND,
  WAITING,
} from "@/messages/documents";
import type { FullMessage } from "@/messages/page";
import { span } from "@/ui/days";
import { AT, ID, message } from "./message";
import { all, open } from "./open";
import { answers, refuses, server } from "./server";

const AGAIN = "wa_backend:3EB000000000000000A1";

function shows(found: Partial<FullMessage>): void {
  server.use(answers(MESSAGE, ({ id }) => ({ workspace: { message: { ...message, ...found, id } } })));
}

test("a failed message says why, what to do, that it cost nothing, and is sent again as a new one", async () => {
  shows({
    status: "FAILED",
    failure: "NOT_ON_WHATSAPP",
    creditsRestored: true,
    history: [
      { status: "QUEUED", at: AT, detail: null },
      { status: "FAILED", at: AT, detail: null },
    ],
  });
  server.use(answers(RESEND, () => ({ resendMessage: { id: AGAIN, credits: 1 } })));
  const router = await open(`messages/${ID}`);
  expect(await screen.findByText("This number is not on WhatsApp.")).toBeTruthy();
  expect(screen.getByText("Check the number, or reach this person another way.")).toBeTruthy();
  expect(screen.getByText("1 credit taken and given back")).toBeTruthy();
  expect(screen.getByText("Could not be sent")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Send again" }));
  expect(await screen.findByText("Queued again, for 1 credit.")).toBeTruthy();
  expect(router.state.location.pathname).toBe(`/w/w1/messages/${AGAIN}`);
});

test("one that may have arrived is sent again only after a question", async () => {
  let sent = 0;
  shows({ status: "FAILED", failure: "UNCONFIRMED", creditsRestored: true });
  server.use(
    answers(RESEND, () => {
      sent += 1;
      return { resendMessage: { id: AGAIN, credits: 1 } };
    }),
  );
  await open(`messages/${ID}`);
  await userEvent.click(await screen.findByRole("button", { name: "Send again" }));
  const dialog = within(await screen.findByRole("dialog"));
  await userEvent.click(dialog.getByRole("button", { name: "Cancel" }));
  expect(sent).toBe(0);
});

test("a waiting one says why and when it will leave, and is canceled after a question", async () => {
  let canceled: unknown;
  shows({ waitingFor: "ACCOUNT_PAUSED", queuePosition: 3 });
  server.use(
    answers(CANCEL, (variables) => {
      canceled = variables;
      return { cancelMessages: { count: 1 } };
    }),
  );
  await open(`messages/${ID}`);
  expect(await screen.findByText("The sending account is paused")).toBeTruthy();
  expect(screen.getByText(/Place 3 in the queue/)).toBeTruthy();
  expect(screen.getByText(/It has no time yet/)).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Cancel message" }));
  const dialog = within(await screen.findByRole("dialog"));
  expect(dialog.getByRole("button", { name: "Keep it" })).toBeTruthy();
  await userEvent.click(dialog.getByRole("button", { name: "Cancel message" }));
  expect(await screen.findByText("The message was canceled; its credits came back.")).toBeTruthy();
  expect(canceled).toEqual({ workspaceId: "w1", id: ID });
});

test("one that left meanwhile is not said to be canceled", async () => {
  shows({ waitingFor: "ITS_TURN" });
  server.use(answers(CANCEL, () => ({ cancelMessages: { count: 0 } })));
  await open(`messages/${ID}`);
  await userEvent.click(await screen.findByRole("button", { name: "Cancel message" }));
  await userEvent.click(
    within(await screen.findByRole("dialog")).getByRole("button", { name: "Cancel message" }),
  );
  expect(await screen.findByText("It has already left the queue, so nothing was canceled.")).toBeTruthy();
});

test("a message that is nobody's is said to be missing, and leads back to the list", async () => {
  server.use(refuses(MESSAGE, "NOT_FOUND"));
  await open(`messages/${ID}`);
  expect(await screen.findByRole("heading", { name: "There is no such message" })).toBeTruthy();
  expect(screen.getByRole("link", { name: "All messages" }).getAttribute("href")).toBe("/w/w1/messages");
});

test("the way back leads to the list as it was, and from elsewhere to the plain list", async () => {
  lists(message);
  shows({});
  const router = await open("messages?q=order");
  await userEvent.click(await screen.findByRole("link", { name: "+14151231234" }));
  await userEvent.click(await screen.findByRole("link", { name: "All messages" }));
  await expect.poll(() => router.state.location.href).toBe("/w/w1/messages?q=order");
  const params = { workspaceId: "w1", messageId: ID };
  await router.navigate({ to: "/w/$workspaceId/messages/$messageId", params });
  await userEvent.click(await screen.findByRole("link", { name: "All messages" }));
  await expect.poll(() => router.state.location.href).toBe("/w/w1/messages");
});

/** The list's questions, as they came. */
function lists(...rows: FullMessage[]): MessagesQueryVariables[] {
  const asked: MessagesQueryVariables[] = [];
  server.use(
    answers(ACCOUNT_CHOICES, () => ({
      workspace: {
        accounts: { nodes: [{ id: "a1", name: "Shop", phone: "+15105566777" }] },
        removed: { nodes: [{ id: "a0", name: "Old shop", phone: "+15105566000" }] },
      },
    })),
    answers(MESSAGES, (variables) => {
      asked.push(variables);
      return { workspace: { messages: all(...rows) } };
    }),
  );
  return asked;
}

test("filters of the list come from its address; what it cannot hold is dropped", async () => {
  const asked = lists(message);
  await open("messages?q=order&status=%5B%22FAILED%22%2C%22LOST%22%5D&account=a1");
  expect(await screen.findByText("Your order is ready")).toBeTruthy();
  expect(asked[0]).toMatchObject({ search: "order", statuses: ["FAILED"], accountId: "a1" });
  expect((screen.getByRole("searchbox") as HTMLInputElement).value).toBe("order");
});

test("one chat's messages say whose they are, and days and disconnected accounts filter too", async () => {
  const asked = lists(message);
  server.use(answers(CHAT_NAME, () => ({ workspace: { chat: { id: "7", name: "Lan" } } })));
  const router = await open("messages?chat=7&account=a0&from=2026-01-31&to=2026-01-31");
  expect(await screen.findByDisplayValue("Old shop")).toBeTruthy();
  expect(asked[0]).toMatchObject({ chatId: "7", ...span({ from: "2026-01-31", to: "2026-01-31" }) });
  await userEvent.click(await screen.findByRole("button", { name: "Chat: Lan" }));
  await expect.poll(() => router.state.location.search).toMatchObject({ account: "a0", from: "2026-01-31" });
  expect(router.state.location.search).not.toHaveProperty("chat");
});

test("all that wait are canceled after a question, a thousand at a time", async () => {
  lists(message);
  const left = [1_000, 1_000, 7];
  const asked: unknown[] = [];
  server.use(
    answers(ACCOUNT_WAITING, () => ({ workspace: { account: { queued: 2_007, queuedCredits: 4_014 } } })),
    answers(CANCEL_WAITING, ({ which }) => {
      asked.push(which);
      const count = left.shift() ?? 0;
      return { cancelMessages: { count, creditsRestored: count * 2 } };
    }),
  );
  await open("messages?status=%5B%22QUEUED%22%5D&account=a1");
  await userEvent.click(await screen.findByRole("button", { name: "Cancel all waiting" }));
  const dialog = within(await screen.findByRole("dialog"));
  expect(dialog.getByText("Cancel the 2,007 waiting messages?")).toBeTruthy();
  expect(dialog.getByText(/4,014 credits come back/)).toBeTruthy();
  expect(asked).toEqual([]);
  await userEvent.click(dialog.getByRole("button", { name: "Cancel them" }));
  expect(await screen.findByText("2,007 messages were canceled; 4,014 credits came back.")).toBeTruthy();
  expect(asked).toEqual([{ accountId: "a1" }, { accountId: "a1" }, { accountId: "a1" }]);
});

test("the question about a whole workspace's queue says which credits come back", async () => {
  lists(message);
  server.use(answers(WAITING, () => ({ workspace: { queue: { queued: 2, queuedCredits: 3 } } })));
  await open("messages?status=%5B%22QUEUED%22%5D");
  await userEvent.click(await screen.findByRole("button", { name: "Cancel all waiting" }));
  const dialog = within(await screen.findByRole("dialog"));
  expect(dialog.getByText(/3 credits come back/)).toBeTruthy();
  await userEvent.click(dialog.getByRole("button", { name: "Keep them" }));
});

test("what failed is told by its reason, until something else is looked for", async () => {
  const asked = lists(message);
  const router = await open("messages?status=%5B%22FAILED%22%5D&failure=%5B%22EXPIRED%22%5D");
  expect(await screen.findByRole("combobox", { name: "Reason" })).toHaveProperty(
    "value",
    "Its account could not send for 24 hours.",
  );
  expect(asked[0]).toMatchObject({ statuses: ["FAILED"], failures: ["EXPIRED"] });
  await userEvent.click(screen.getByRole("combobox", { name: "Status" }));
  await userEvent.keyboard("{Backspace}");
  await expect.poll(() => router.state.location.search).toEqual({});
  expect(screen.queryByRole("combobox", { name: "Reason" })).toBeNull();
});

test("what one types filters the list and stands in the address", async () => {
  const asked = lists();
  const router = await open("messages");
  expect(await screen.findByText("No messages yet")).toBeTruthy();
  await userEvent.type(screen.getByRole("searchbox"), "pears");
  expect(await screen.findByText("No message fits these filters.")).toBeTruthy();
  expect(router.state.location.search).toEqual({ q: "pears" });
  expect(asked.at(-1)).toMatchObject({ search: "pears" });
  await userEvent.click(screen.getAllByRole("button", { name: "Clear filters" })[0] as HTMLElement);
  expect(await screen.findByText("No messages yet")).toBeTruthy();
  expect(router.state.location.search).toEqual({});
});

test("whoever opens a message while they still type is not called back to the list", async () => {
  lists(message);
  shows({});
  const router = await open("messages");
  const page = router.routesById["/_in/w/$workspaceId/messages/$messageId"].options;
  onTestFinished(() => {
    delete page.loader;
  });
  // Its code comes slowly, and the list stays meanwhile, for longer than a search takes to filter.
  page.loader = () => new Promise((resolve) => setTimeout(resolve, 600));
  const row = await screen.findByRole("link", { name: message.recipient });
  await userEvent.type(screen.getByRole("searchbox"), "pears");
  await userEvent.click(row);
  expect(await screen.findByRole("heading", { name: "What happened" })).toBeTruthy();
  expect(router.state.location.pathname).toBe(`/w/w1/messages/${ID}`);
});

test("a message whose text is no longer kept says so and is not offered again", async () => {
  lists({ ...message, text: "", textErased: true });
  shows({ text: "", textErased: true, status: "FAILED", failure: "UNCONFIRMED", creditsRestored: true });
  const router = await open("messages");
  expect(await screen.findByText("Its text is no longer kept.")).toBeTruthy();
  await router.navigate({
    to: "/w/$workspaceId/messages/$messageId",
    params: { workspaceId: "w1", messageId: ID },
  });
  expect(await screen.findByRole("heading", { name: "What happened" })).toBeTruthy();
  expect(screen.getByText("Its text is no longer kept.")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Send again" })).toBeNull();
});
