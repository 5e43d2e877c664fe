import { screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { BEATS } from "@/accounts/documents";
import type { OverviewQuery } from "@/gql/graphql";
import { ACTIVITY, OVERVIEW } from "@/overview/documents";
import { troubles } from "@/overview/trouble";
import { open, WORKSPACE } from "./open";
import { answers, server } from "./server";

type Overviewed = NonNullable<OverviewQuery["workspace"]>;

const fresh: Overviewed = {
  queue: { queued: 0, oldestQueuedAt: null },
  credits: { balance: 0, queued: 0 },
  accounts: { nodes: [], totalCount: 0 },
  incomingWebhook: { enabled: true, urlCreatedAt: null, lastActivation: null, activations: [] },
  any: { nodes: [] },
  failed: { nodes: [] },
};

function shows(found: Partial<Overviewed> = {}): void {
  server.use(
    answers(OVERVIEW, () => ({ workspace: { ...fresh, ...found } })),
    answers(ACTIVITY, () => ({ workspace: { activity: [] } })),
    answers(BEATS, () => ({ workspace: { messages: { nodes: [] } } })),
  );
}

test("a new workspace without credits says whom to ask for them", async () => {
  shows();
  await open("");
  expect(await screen.findByText("Three steps to your first message")).toBeTruthy();
  expect(screen.getByText(/Ask whoever runs this installation/)).toBeTruthy();
  expect(screen.getByText(WORKSPACE)).toBeTruthy();
});

test("a member is shown no steps that they cannot take", async () => {
  shows({ any: { nodes: [] } });
  await open("", { role: "MEMBER" });
  expect(await screen.findByText("No message was sent here yet")).toBeTruthy();
  expect(screen.queryByText("Three steps to your first message")).toBeNull();
});

test("what an empty workspace needs is said to a member as what others do", async () => {
  shows({ any: { nodes: [{ id: "m" }] } });
  await open("", { role: "MEMBER" });
  expect(await screen.findByText("An owner or admin of the workspace can connect one.")).toBeTruthy();
});

test("each reason stands once, with how often it was, and what is older than a week is gone", () => {
  const call = (id: string, at: string) => ({ id, at, refusal: "BAD_FIELD" as const, answer: null });
  const failed = (id: string, failure: "NOT_ON_WHATSAPP" | "EXPIRED", failedAt: string) => ({
    id,
    failure,
    failedAt,
    createdAt: failedAt,
    recipient: "+1",
    chat: null,
  });
  const { incomingWebhook } = fresh;
  const activations = [call("c2", "2026-01-20T09:00:00Z"), call("c1", "2026-01-02T09:00:00Z")];
  const nodes = [
    failed("m3", "NOT_ON_WHATSAPP", "2026-01-20T10:00:00Z"),
    failed("m2", "EXPIRED", "2026-01-20T08:00:00Z"),
    failed("m1", "NOT_ON_WHATSAPP", "2026-01-19T10:00:00Z"),
  ];
  const found = troubles(
    { incomingWebhook: { ...incomingWebhook, activations }, failed: { nodes } },
    "2026-01-14T00:00:00Z",
  );
  expect(found.map(({ id, count }) => [id, count])).toEqual([
    ["m3", 2],
    ["c2", 1],
    ["m2", 1],
  ]);
});
