import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { beforeEach, expect, test, vi } from "vitest";
import type { ActivationRowFragment } from "@/gql/graphql";
import { ACTIVATIONS, REVEAL, TRY_CHOICES, WEBHOOK } from "@/webhook/documents";
import { open, WORKSPACE } from "./open";
import { answers, server } from "./server";

const URL_HERE = `${location.origin}/webhook/nhip_wh_AAAAsecret`;

const refused: ActivationRowFragment = {
  id: "c1",
  sequence: 1,
  at: "2026-01-01T00:00:00Z",
  outcome: "REFUSED",
  httpStatus: 400,
  refusal: "MISSING_FIELD",
  answer: "`text` is missing; give it; `văn bản` is unknown: did you mean `text`?",
  field: "text",
  line: null,
  column: null,
  messageId: null,
  message: null,
  requestBody: '{"văn bản": "hi"}',
  requestBodyBase64: false,
  requestBodyTruncated: false,
  responseBody: "{}",
  ignoredFields: [],
  remoteAddress: "127.0.0.1",
  userAgent: null,
  durationMs: 1,
};

function shows({ hint = "nhip_wh_AAAA…" as string | null, calls = [refused] } = {}) {
  server.use(
    answers(WEBHOOK, () => ({
      workspace: {
        incomingWebhook: { enabled: true, urlHint: hint, urlCreatedAt: null, lastActivation: null },
        chats: { nodes: [] },
      },
    })),
    answers(ACTIVATIONS, () => ({ workspace: { incomingWebhook: { activations: calls } } })),
    answers(TRY_CHOICES, () => ({ workspace: { accounts: { nodes: [] }, chats: { nodes: [] } } })),
    answers(REVEAL, () => ({ shown: { url: URL_HERE } })),
  );
}

const scrolled = vi.fn();
beforeEach(() => {
  scrolled.mockReset();
  Element.prototype.scrollIntoView = scrolled;
});

test("the call that one came for is opened, brought into sight and has the keyboard", async () => {
  shows();
  await open("webhook?call=c1");
  const call = await screen.findByRole("button", { expanded: true });
  expect(document.activeElement).toBe(call);
  expect(scrolled).toHaveBeenCalledWith({ block: "nearest" });
});

test("a call that is no longer kept is told", async () => {
  shows();
  await open("webhook?call=c0");
  expect(await screen.findByText(/no longer among the last 100/)).toBeTruthy();
});

test("in Vietnamese, too, one learns what was probably meant, once", async () => {
  shows();
  await open("webhook?call=c1", { locale: "vi" });
  expect(await screen.findByText("Có phải ý bạn là text thay vì văn bản?")).toBeTruthy();
  expect(screen.getAllByText("Thiếu một trường bắt buộc.")).toHaveLength(1);
});

test("a URL that was replaced elsewhere is shown no longer", async () => {
  shows();
  const router = await open("webhook");
  await userEvent.click(await screen.findByRole("button", { name: "Show URL" }));
  expect(await screen.findByText(URL_HERE)).toBeTruthy();
  shows({ hint: "nhip_wh_BBBB…" });
  await router.options.context.queries.invalidateQueries();
  await expect.poll(() => screen.queryByText(URL_HERE)).toBeNull();
  expect(screen.getByText("Hidden. It starts with nhip_wh_BBBB…")).toBeTruthy();
});

test("a member is told what is so, and offered nothing that they cannot do", async () => {
  shows({ hint: null, calls: [] });
  await open("webhook", { role: "MEMBER" });
  expect(await screen.findByText(/An owner or admin can generate the first one/)).toBeTruthy();
  expect(screen.getByText("On")).toBeTruthy();
  expect(screen.queryByText(/Only owners and admins can see it/)).toBeNull();
  expect(await screen.findByText("No calls yet")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Try it now" })).toBeNull();
});

test("what was tried is still there after a look elsewhere, and Back leads from tab to tab", async () => {
  await import("@/webhook/try-it");
  shows();
  server.use(http.post("*/webhook/*", () => HttpResponse.json({ message: "No" }, { status: 400 })));
  const router = await open("webhook");
  await userEvent.click(await screen.findByRole("tab", { name: "Try it" }));
  await userEvent.type(await screen.findByLabelText("Text"), "hello");
  await userEvent.type(screen.getByRole("combobox", { name: "Recipient" }), "+14151231234");
  await userEvent.click(screen.getByRole("button", { name: "Send" }));
  expect(await screen.findByText("HTTP 400")).toBeTruthy();
  await router.navigate({
    to: "/w/$workspaceId/webhook",
    params: { workspaceId: WORKSPACE },
    search: { tab: "file" },
  });
  expect(await screen.findByLabelText("Link")).toBeTruthy();
  router.history.back();
  expect(await screen.findByText("HTTP 400")).toBeTruthy();
  expect((screen.getByLabelText("Text") as HTMLTextAreaElement).value).toBe("hello");
  router.history.back();
  expect(await screen.findByRole("list", { name: "Activity log" })).toBeTruthy();
  expect(
    within(screen.getByRole("tablist"))
      .getByRole("tab", { name: "Activity log" })
      .getAttribute("aria-selected"),
  ).toBe("true");
});

test("who tries it before there is an account is told so, and offered to connect one", async () => {
  shows();
  await open("webhook?tab=try");
  expect(await screen.findByText(/No account is connected yet/)).toBeTruthy();
  expect(screen.getByRole("button", { name: "Connect an account" })).toBeTruthy();
});
