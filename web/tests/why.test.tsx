import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import type { Locale } from "@/i18n";
import { MESSAGE } from "@/messages/documents";
import type { FullMessage } from "@/messages/page";
import { ID, message } from "./message";
import { open } from "./open";
import { answers, server } from "./server";

function shows(found: Partial<FullMessage>): void {
  server.use(answers(MESSAGE, () => ({ workspace: { message: { ...message, ...found } } })));
}

async function show(locale: Locale, found: Partial<FullMessage>) {
  shows(found);
  return open(`messages/${ID}`, { locale });
}

test("a message that waits for a paused account says what to do, and where", async () => {
  await show("vi", { waitingFor: "ACCOUNT_PAUSED", queuePosition: 3 });
  expect(await screen.findByText("Tài khoản gửi tin này đang tạm dừng")).toBeTruthy();
  expect(screen.getByText(/Vị trí 3 trong hàng đợi/)).toBeTruthy();
  expect(screen.getByRole("link", { name: "Mở Shop" }).getAttribute("href")).toBe("/w/w1/accounts/a1");
});

test("a failed one offers the link that may work, to open and to copy", async () => {
  const suggestedFileUrl = "https://files.example/direct.pdf";
  await show("en", { status: "FAILED", failure: "FILE_NOT_DIRECT_LINK", suggestedFileUrl });
  expect((await screen.findByRole("link", { name: suggestedFileUrl })).getAttribute("href")).toBe(
    suggestedFileUrl,
  );
  expect(screen.getByRole("button", { name: "Copy the link" })).toBeTruthy();
});

test("the server's sentence stands beside ours only where it says more, in either language", async () => {
  const said: Partial<FullMessage> = { status: "FAILED", failure: "NOT_ON_WHATSAPP", history: [] };
  const router = await show("vi", { ...said, failureDetail: "131026: undeliverable" });
  expect(await screen.findByText("131026: undeliverable")).toBeTruthy();
  // The English words are there now, so the next sentence is compared with them as soon as it comes.
  shows({ ...said, failureDetail: "This number is not on WhatsApp" });
  await router.options.context.queries.invalidateQueries();
  await expect.poll(() => screen.queryByText("131026: undeliverable")).toBeNull();
  expect(screen.getByText("Số này không dùng WhatsApp.")).toBeTruthy();
  expect(screen.queryByText(/This number is not/)).toBeNull();
});
