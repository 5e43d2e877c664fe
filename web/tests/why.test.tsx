import { QueryClient } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import type { ReactNode } from "react";
import { expect, test } from "vitest";
import { dictionaryOf, type Locale } from "@/i18n";
import { Why } from "@/messages/why";
import { Providers } from "@/providers";
import { message } from "./message";

async function show(locale: Locale, children: ReactNode) {
  const dictionary = await dictionaryOf(locale);
  render(
    <Providers queries={new QueryClient()} locale={locale} dictionary={dictionary}>
      {children}
    </Providers>,
  );
}

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
