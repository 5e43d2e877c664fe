import { expect, test } from "vitest";
import { newIn } from "@/api/query";

const row = (id: string, lastMessageAt?: string) => ({ id, lastMessageAt });

test("what stands before the first known row is new", () => {
  expect(newIn([row("c"), row("b"), row("a")], [row("a")])).toBe(2);
  expect(newIn([row("b"), row("a")], [row("b"), row("a")])).toBe(0);
  expect(newIn([row("d"), row("c")], [row("a")])).toBe(2);
});

test("a chat that was used again is new at its new place", () => {
  expect(newIn([row("b", "2"), row("a", "1")], [row("a", "1"), row("b", "0")])).toBe(1);
});
