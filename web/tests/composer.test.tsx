import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { graphql, HttpResponse } from "msw";
import { expect, test } from "vitest";
import { CHAT, CONVERSATION, CREDITS_LEFT } from "@/chats/documents";
import type { FullChat } from "@/chats/page";
import { all, FAR, open } from "./open";
import { answers, server } from "./server";

const chat: FullChat = {
  id: "7",
  kind: "CONTACT",
  name: "Lan",
  phone: "+14151231234",
  jid: "14151231234@s.whatsapp.net",
  lastMessageAt: null,
  lastIncomingAt: null,
  replyWindowEndsAt: null,
  account: {
    id: "a1",
    name: "Shop",
    phone: "+15105566777",
    gateway: "SIMULATOR",
    state: "CONNECTED",
    cappedUntil: null,
    heldUntil: null,
    template: null,
  },
};

interface Call {
  input: { text: string; idempotencyKey: string };
  refuse: () => void;
}

/** What was sent, each unanswered until it is refused. */
function sends(account: Partial<FullChat["account"]> = {}, more: Partial<FullChat> = {}): Call[] {
  const calls: Call[] = [];
  server.use(
    answers(CHAT, () => ({
      workspace: { chat: { ...chat, ...more, account: { ...chat.account, ...account } } },
    })),
    answers(CONVERSATION, () => ({ workspace: { chat: { messages: all<never>() } } })),
    answers(CREDITS_LEFT, () => ({ workspace: { credits: { balance: 5 } } })),
    graphql.mutation("SendMessage", ({ variables }) => {
      const answer = { errors: [{ message: "No", extensions: { code: "UNAVAILABLE" } }] };
      return new Promise((resolve) => {
        calls.push({ input: variables.input, refuse: () => resolve(HttpResponse.json(answer)) });
      });
    }),
  );
  return calls;
}

const field = () => screen.getByRole("textbox", { name: "Write a message" }) as HTMLTextAreaElement;

test("what could not be sent comes back with the complaint, and is the same message when sent again", async () => {
  const calls = sends();
  await open("chats/7");
  await userEvent.type(await screen.findByRole("textbox", { name: "Write a message" }), "hello{Enter}");
  expect(field().value).toBe("");
  await expect.poll(() => calls.length).toBe(1);
  calls[0]?.refuse();
  expect(await screen.findByRole("alert")).toBeTruthy();
  expect(field().value).toBe("hello");
  await expect.poll(() => screen.getByRole("button", { name: "Send" }).hasAttribute("disabled")).toBe(false);
  await userEvent.type(field(), "{Enter}");
  await expect.poll(() => calls.length).toBe(2);
  expect(calls[1]?.input).toEqual(calls[0]?.input);
});

test("what is typed while a message is on its way is kept, whatever becomes of that one", async () => {
  const calls = sends();
  await open("chats/7");
  await userEvent.type(await screen.findByRole("textbox", { name: "Write a message" }), "first{Enter}second");
  expect(field().value).toBe("second");
  calls[0]?.refuse();
  expect(await screen.findByRole("alert")).toBeTruthy();
  expect(field().value).toBe("second");
  expect(screen.getByRole("region", { name: "This was not sent:" }).textContent).toContain("first");
  await userEvent.type(field(), "!");
  expect(screen.getByRole("alert")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Send it again" }));
  await expect.poll(() => calls.length).toBe(2);
  expect(calls[1]?.input).toEqual(calls[0]?.input);
});

test("a chat says what becomes of what one writes while its account does not send", async () => {
  sends({ state: "PAUSED" });
  await open("chats/7");
  expect(await screen.findByText("This account is paused: what you send waits.")).toBeTruthy();
  expect(screen.getByText("What was sent here. Replies are not shown.")).toBeTruthy();
  expect(field()).toBeTruthy();
});

test("nothing is written from an account that is disconnected", async () => {
  sends({ state: "REMOVED" });
  await open("chats/7");
  expect(await screen.findByText("This account is disconnected, so nothing can be sent here.")).toBeTruthy();
  expect(screen.queryByRole("textbox", { name: "Write a message" })).toBeNull();
});

test("where the account is logged out nothing is offered that would be refused, nor promised", async () => {
  const account = { gateway: "CLOUD_API", state: "LOGGED_OUT" } as const;
  sends(account, { replyWindowEndsAt: FAR });
  await open("chats/7");
  expect(await screen.findByText(/nothing can be sent here for now/)).toBeTruthy();
  expect(screen.queryByText(/You may write freely/)).toBeNull();
  expect(screen.queryByRole("textbox", { name: "Write a message" })).toBeNull();
});
