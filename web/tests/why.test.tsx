import { QueryClient } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { expect, test } from "vitest";
import { dictionaryOf, type Locale } from "@/i18n";
import type { FullMessage } from "@/messages/page";
import { Why } from "@/messages/why";
import { Providers } from "@/providers";

async function show(locale: Locale, children: ReactNode) {
  const dictionary = await dictionaryOf(locale);
  render(
    <Providers queries={new QueryClient()} locale={locale} dictionary={dictionary}>
      {children}
    </Providers>,
  );
}

const message: FullMessage = {
  id: "wa_backend:3EB09FCC85FE99662E46",
  status: "QUEUED",
  text: "hello",
  textErased: false,
  recipient: "+14151231234",
  createdAt: "2026-01-01T00:00:00Z",
  account: { id: "a", name: "Shop", phone: "+15105566777" },
  waitingFor: null,
  failure: null,
  failureDetail: null,
  suggestedFileUrl: null,
  fileName: null,
  fileUrl: null,
  fileSize: null,
  fileMime: null,
  chat: null,
  queuePosition: null,
  expectedSendAt: null,
  recipientKind: "PHONE",
  source: "WEBHOOK",
  credits: 1,
  creditsRestored: false,
  history: [],
};

test("a message that waits for a paused account says what to do, in the person's language", async () => {
  await show("vi", <Why message={{ ...message, waitingFor: "ACCOUNT_PAUSED", queuePosition: 3 }} />);
  expect(screen.getByText("Tài khoản đang tạm dừng")).toBeTruthy();
  expect(screen.getByText(/Vị trí 3 trong hàng đợi/)).toBeTruthy();
});

test("a failed one offers the link that may work", async () => {
  const suggestedFileUrl = "https://files.example/direct.pdf";
  await show(
    "en",
    <Why message={{ ...message, status: "FAILED", failure: "FILE_NOT_DIRECT_LINK", suggestedFileUrl }} />,
  );
  expect(screen.getByRole("link", { name: suggestedFileUrl })).toBeTruthy();
});
