import { QueryObserver } from "@tanstack/react-query";
import { expect, test, vi } from "vitest";
import { newQueryClient, reread } from "@/api/query";

test("what happens while a page is read for the first time is read after that", async () => {
  const client = newQueryClient();
  const answers: ((status: string) => void)[] = [];
  const queryFn = () => new Promise<string>((resolve) => answers.push(resolve));
  const query = new QueryObserver(client, { queryKey: ["Message"], queryFn });
  const leave = query.subscribe(() => {});
  const again = reread(client, ["Message"]);
  answers[0]?.("DELIVERED");
  await vi.waitFor(() => expect(answers).toHaveLength(2), { timeout: 50_000 });
  answers[1]?.("READ");
  await again;
  expect(query.getCurrentResult().data).toBe("READ");
  leave();
});
