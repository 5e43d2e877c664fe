import { expect, test } from "vitest";
import { withMessage } from "@/chats/conversation";
import { costOf, EMPTY, isSendable, LONGEST, nameIn } from "@/chats/draft";
import type { BubbleFragment, ConversationQuery } from "@/gql/graphql";

function bubble(id: string, createdAt: string, status: BubbleFragment["status"] = "SENT"): BubbleFragment {
  const nothing = { textErased: false, waitingFor: null, failure: null, fileName: null, fileUrl: null };
  return { id, status, text: id, createdAt, chat: { id: "1" }, ...nothing };
}

function page(...nodes: BubbleFragment[]): ConversationQuery {
  const pageInfo = { hasNextPage: false, endCursor: null };
  return { workspace: { chat: { messages: { nodes, pageInfo, totalCount: nodes.length } } } };
}

function idsIn({ pages }: { pages: ConversationQuery[] }): string[][] {
  return pages.map(({ workspace }) => workspace?.chat?.messages.nodes.map(({ id }) => id) ?? []);
}

const read = {
  pages: [page(bubble("c", "2026-01-03"), bubble("b", "2026-01-02")), page(bubble("a", "2026-01-01"))],
  pageParams: [null, "x"],
};

test("a newer message comes before all others", () => {
  expect(idsIn(withMessage(read, bubble("d", "2026-01-04")))).toEqual([["d", "c", "b"], ["a"]]);
});

test("a known message changes in its place, on whichever page it stands", () => {
  const after = withMessage(read, bubble("a", "2026-01-01", "READ"));
  expect(idsIn(after)).toEqual(idsIn(read));
  expect(after.pages[1]?.workspace?.chat?.messages.nodes[0]?.status).toBe("READ");
});

test("an older message that was not read yet is left to its page", () => {
  expect(idsIn(withMessage(read, bubble("0", "2025-12-31")))).toEqual(idsIn(read));
});

test("a text costs 1 credit, a file 1 more, and white space is no text", () => {
  const fileUrl = "https://files.example/a.pdf";
  expect(costOf({ ...EMPTY, text: "hello" })).toBe(1);
  expect(costOf({ ...EMPTY, fileUrl })).toBe(1);
  expect(costOf({ ...EMPTY, text: "hello", fileUrl })).toBe(2);
  expect(costOf({ ...EMPTY, text: " \n" })).toBe(0);
});

test("a text may have 4,096 code points, however many bytes they take", () => {
  expect(isSendable({ ...EMPTY, text: "👍".repeat(LONGEST) })).toBe(true);
  expect(isSendable({ ...EMPTY, text: "👍".repeat(LONGEST + 1) })).toBe(false);
});

test("a file is named by its link's last part", () => {
  expect(nameIn("https://files.example/2026/h%C3%B3a%20%C4%91%C6%A1n.pdf?x=1")).toBe("hóa đơn.pdf");
  expect(nameIn("https://files.example/")).toBe("files.example");
  expect(nameIn("https://files.example/50%off.pdf")).toBe("50%off.pdf");
  expect(nameIn("not a link")).toBe("");
});
