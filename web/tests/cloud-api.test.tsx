import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import {
  ACCOUNT,
  ACCOUNTS,
  BEATS,
  CONNECT,
  GATEWAYS,
  SET_DAILY_CAP,
  SET_TEMPLATE,
  UPDATE_CREDENTIALS,
} from "@/accounts/documents";
import type { FullAccount } from "@/accounts/page";
import type { ConnectAccountMutationVariables } from "@/gql/graphql";
import { account } from "./account";
import { all, open, WORKSPACE } from "./open";
import { answers, refuses, server } from "./server";

const CALLBACK = "https://nhip.example/whatsapp/cloud/a1";

const atMeta: FullAccount = { ...account, gateway: "CLOUD_API", callbackUrl: CALLBACK };

function shows(found: Partial<FullAccount> = {}): void {
  server.use(
    answers(ACCOUNT, () => ({ workspace: { account: { ...atMeta, ...found } } })),
    answers(BEATS, () => ({ workspace: { messages: { nodes: [] } } })),
  );
}

/** The dialog, as far as the ids and secrets. */
async function fillIn(dialog: HTMLElement): Promise<void> {
  const form = within(dialog);
  await userEvent.type(form.getByLabelText("Phone number ID"), "106540352242922");
  await userEvent.type(form.getByLabelText("WhatsApp Business Account ID"), "102290129340398");
  await userEvent.type(form.getByLabelText("Access token"), "EAAG-token");
  await userEvent.type(form.getByLabelText("App secret"), "app-secret");
}

async function connectDialog(): Promise<HTMLElement> {
  server.use(answers(ACCOUNTS, () => ({ workspace: { accounts: all(atMeta) } })));
  await open("accounts");
  await userEvent.click(await screen.findByRole("button", { name: "Connect an account" }));
  const dialog = await screen.findByRole("dialog");
  await within(dialog).findByLabelText("Phone number");
  return dialog;
}

test("only the ways to WhatsApp that the installation has are offered", async () => {
  server.use(answers(GATEWAYS, () => ({ service: { gateways: ["SIMULATOR"], demo: false } })));
  const dialog = await connectDialog();
  expect(within(dialog).queryByRole("radio")).toBeNull();
  expect(within(dialog).queryByLabelText("App secret")).toBeNull();
  expect(within(dialog).getByText("+12025550101")).toBeTruthy();
});

test("an account at Meta is connected with a made-up verify token, and what is left to do there is said", async () => {
  let asked: ConnectAccountMutationVariables | undefined;
  server.use(
    answers(GATEWAYS, () => ({ service: { gateways: ["SIMULATOR", "CLOUD_API"], demo: false } })),
    answers(CONNECT, (variables) => {
      asked = variables;
      return { connectAccount: { id: "a1", name: "Shop", phone: "+15105566777", callbackUrl: CALLBACK } };
    }),
  );
  shows();
  const dialog = await connectDialog();
  await userEvent.click(within(dialog).getByRole("radio", { name: "WhatsApp Cloud API" }));
  await userEvent.type(within(dialog).getByLabelText("Phone number"), "+15105566777");
  await fillIn(dialog);
  const token = (within(dialog).getByLabelText("Verify token") as HTMLInputElement).value;
  expect(token).toMatch(/^[0-9a-f]{32}$/);
  await userEvent.click(within(dialog).getByRole("button", { name: "Connect an account" }));

  expect(await screen.findByText(CALLBACK)).toBeTruthy();
  expect(screen.getByText(token)).toBeTruthy();
  expect(asked).toMatchObject({
    workspaceId: WORKSPACE,
    gateway: "CLOUD_API",
    cloudApi: {
      phoneNumberId: "106540352242922",
      businessAccountId: "102290129340398",
      accessToken: "EAAG-token",
      appSecret: "app-secret",
      verifyToken: token,
    },
  });
  await userEvent.click(screen.getByRole("button", { name: "Done" }));
  expect(await screen.findByRole("heading", { name: "Shop" })).toBeTruthy();
  expect(screen.queryByText(token)).toBeNull();
});

test("what Meta refuses stands beside its field, in plain words", async () => {
  server.use(
    answers(GATEWAYS, () => ({ service: { gateways: ["CLOUD_API"], demo: false } })),
    refuses(CONNECT, "BAD_INPUT", "Meta does not take `accessToken`; make a new one", "accessToken"),
  );
  const dialog = await connectDialog();
  await userEvent.type(within(dialog).getByLabelText("Phone number"), "+15105566777");
  await fillIn(dialog);
  await userEvent.click(within(dialog).getByRole("button", { name: "Connect an account" }));
  expect(await within(dialog).findByText("Look at the marked field, and try again.")).toBeTruthy();
  const field = within(dialog).getByLabelText("Access token");
  expect(field.getAttribute("aria-invalid")).toBe("true");
  expect(within(dialog).getByText(/^Meta does not take this token/)).toBeTruthy();
  expect(within(dialog).getByText("Meta does not take “Access token”; make a new one")).toBeTruthy();
});

test("an expired token is mended where the account stands", async () => {
  let told: unknown;
  server.use(
    answers(UPDATE_CREDENTIALS, (variables) => {
      told = variables;
      return { updateCloudApiCredentials: { id: "a1" } };
    }),
  );
  shows({ state: "LOGGED_OUT", reason: "TOKEN_EXPIRED" });
  await open("accounts/a1");
  expect(await screen.findByText("Its access token has expired.")).toBeTruthy();
  expect(screen.queryByRole("button", { name: "Reconnect" })).toBeNull();
  await userEvent.click(screen.getByRole("button", { name: "Update credentials" }));
  const dialog = await screen.findByRole("dialog");
  await fillIn(dialog);
  await userEvent.click(within(dialog).getByRole("button", { name: "Check and save" }));
  expect(await screen.findByText("Meta takes the new credentials.")).toBeTruthy();
  expect(told).toMatchObject({ id: "a1", cloudApi: { accessToken: "EAAG-token" } });
});

test("a template is set with its language, and taken away again", async () => {
  const told: unknown[] = [];
  server.use(
    answers(SET_TEMPLATE, (variables) => {
      told.push(variables);
      return { setAccountTemplate: { id: "a1" } };
    }),
  );
  shows();
  await open("accounts/a1");
  const panel = within(await screen.findByRole("region", { name: "Template" }));
  expect(panel.getByText(/Without a template/)).toBeTruthy();
  await userEvent.type(panel.getByLabelText("Name at Meta"), "order_update");
  await userEvent.type(panel.getByLabelText("Language"), "vi");
  shows({ template: { name: "order_update", language: "vi" } });
  await userEvent.click(panel.getByRole("button", { name: "Save" }));
  await userEvent.click(await panel.findByRole("button", { name: "Send without a template" }));
  const dialog = within(await screen.findByRole("dialog"));
  await userEvent.click(dialog.getByRole("button", { name: "Send without a template" }));
  await expect.poll(() => told.length).toBe(2);
  expect(told[0]).toEqual({ id: "a1", name: "order_update", language: "vi" });
  expect(told[1]).toEqual({ id: "a1" });
});

test("a member sees an account at Meta, and nothing to change", async () => {
  shows({ template: { name: "order_update", language: "vi" } });
  await open("accounts/a1", { role: "MEMBER" });
  const panel = within(await screen.findByRole("region", { name: "Template" }));
  expect(panel.getByText("order_update")).toBeTruthy();
  for (const role of ["textbox", "button"])
    expect(within(screen.getByRole("main")).queryByRole(role)).toBeNull();
  expect(screen.queryByText(CALLBACK)).toBeNull();
  expect(screen.queryByRole("button", { name: "Update credentials" })).toBeNull();
});

test("a daily cap is set and taken away; an account that reached it says when it goes on", async () => {
  const told: unknown[] = [];
  server.use(
    answers(SET_DAILY_CAP, (variables) => {
      told.push(variables);
      return { setAccountDailyCap: { id: "a1" } };
    }),
  );
  shows({ dailyCap: 250, cappedUntil: "2026-01-02T00:00:00Z" });
  await open("accounts/a1");
  expect(await screen.findByText("It has sent as many as it may within 24 hours.")).toBeTruthy();
  const panel = within(screen.getByRole("region", { name: "Daily cap" }));
  expect(panel.getByText(/goes on/)).toBeTruthy();
  const field = panel.getByLabelText("Messages within 24 hours, at most");
  await userEvent.clear(field);
  await userEvent.click(panel.getByRole("button", { name: "Save" }));
  await expect.poll(() => told).toEqual([{ id: "a1", dailyCap: null }]);
  await userEvent.type(field, "1000");
  await userEvent.click(panel.getByRole("button", { name: "Save" }));
  await expect.poll(() => told.at(-1)).toEqual({ id: "a1", dailyCap: 1_000 });
});
