import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { ACCOUNT, ACCOUNTS, BEATS, GATEWAYS, SET_PACE } from "@/accounts/documents";
import type { FullAccount } from "@/accounts/page";
import type { SetAccountPaceMutationVariables } from "@/gql/graphql";
import { account } from "./account";
import { all, open } from "./open";
import { answers, refuses, server } from "./server";

function shows(found: Partial<FullAccount> = {}): void {
  server.use(
    answers(ACCOUNT, () => ({ workspace: { account: { ...account, ...found } } })),
    answers(BEATS, () => ({ workspace: { messages: { nodes: [] } } })),
  );
}

test("a pause is typed letter by letter, and nothing is reckoned from half of it", async () => {
  let asked: SetAccountPaceMutationVariables | undefined;
  shows();
  server.use(
    answers(SET_PACE, (variables) => {
      asked = variables;
      return { setAccountPace: { id: "a1" } };
    }),
  );
  await open("accounts/a1");
  const shortest = await screen.findByRole("textbox", { name: "Shortest pause" });
  await userEvent.clear(shortest);
  expect(screen.queryByText(/messages an hour/)).toBeNull();
  expect(screen.getByRole("button", { name: "Save" }).hasAttribute("disabled")).toBe(true);
  await userEvent.type(shortest, "2.5");
  expect((shortest as HTMLInputElement).value).toBe("2.5 seconds");
  expect(screen.getByText("About 960 messages an hour")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Save" }));
  await expect.poll(() => asked).toEqual({ id: "a1", minMs: 2_500, maxMs: 5_000 });
});

for (const [locale, label, save, told] of [
  ["en", "Shortest pause", "Save", "Shortest allowed: 0.5 seconds."],
  ["vi", "Nghỉ ngắn nhất", "Lưu", "Ngắn nhất được phép: 0,5 giây."],
] as const) {
  test(`below the floor the field says how short a pause may be, in ${locale}`, async () => {
    shows();
    server.use(
      refuses(SET_PACE, "BAD_INPUT", "`minMs` must be at least 500, this installation's floor", "minMs"),
    );
    await open("accounts/a1", { locale });
    const shortest = await screen.findByRole("textbox", { name: label });
    await userEvent.clear(shortest);
    await userEvent.type(shortest, locale === "vi" ? "0,2" : "0.2");
    await userEvent.click(screen.getByRole("button", { name: save }));
    expect(await screen.findByText(told)).toBeTruthy();
    expect(screen.queryByText(/minMs/)).toBeNull();
  });
}

test("a real installation offers WhatsApp first, a demo its simulator", async () => {
  for (const [demo, chosen] of [
    [false, "WhatsApp Cloud API"],
    [true, "Simulator (test only)"],
  ] as const) {
    server.use(
      answers(GATEWAYS, () => ({ service: { gateways: ["SIMULATOR", "CLOUD_API"], demo } })),
      answers(ACCOUNTS, () => ({ workspace: { accounts: all(account) } })),
    );
    await open("accounts");
    await userEvent.click(await screen.findByRole("button", { name: "Connect an account" }));
    const dialog = within(await screen.findByRole("dialog"));
    expect(((await dialog.findByRole("radio", { name: chosen })) as HTMLInputElement).checked).toBe(true);
    document.body.replaceChildren();
  }
});
