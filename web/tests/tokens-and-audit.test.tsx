import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { AuditRowFragment, CreateApiTokenMutationVariables, TokenRowFragment } from "@/gql/graphql";
import { ACCOUNT_CHOICES } from "@/messages/documents";
import { AUDIT_LOG, CREATE_TOKEN, MEMBERS, REVOKE_TOKEN, TOKENS } from "@/people/documents";
import { all, ME, open } from "./open";
import { answers, server } from "./server";

const token: TokenRowFragment = {
  id: "t1",
  name: "Night report",
  scopes: ["WORKSPACE_READ", "MESSAGES_WRITE"],
  hint: "nhip_at_…9f3c",
  createdBy: { id: ME.id, name: ME.name },
  createdAt: "2026-01-01T00:00:00Z",
  lastUsedAt: null,
  expiresAt: null,
};

test("a token is made with what it may, and shown this once", async () => {
  let asked: CreateApiTokenMutationVariables["input"] | undefined;
  server.use(
    answers(TOKENS, () => ({ workspace: { apiTokens: [] } })),
    answers(CREATE_TOKEN, ({ input }) => {
      asked = input;
      return { createApiToken: { token: "nhip_at_secret", apiToken: token } };
    }),
  );
  await open("settings/tokens");
  expect(await screen.findByText("No API tokens")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Create token" }));
  const dialog = within(await screen.findByRole("dialog"));
  await userEvent.type(dialog.getByLabelText("Name"), "Night report");
  await userEvent.click(dialog.getByRole("button", { name: "Create token" }));
  expect(await screen.findByText("nhip_at_secret")).toBeTruthy();
  expect(asked).toMatchObject({ workspaceId: "w1", name: "Night report", scopes: ["WORKSPACE_READ"] });
  await userEvent.click(screen.getByRole("button", { name: "Done" }));
  await expect.poll(() => screen.queryByText("nhip_at_secret")).toBeNull();
});

test("a token says what it may and who made it, and is revoked after a question", async () => {
  let revoked: unknown;
  server.use(
    answers(TOKENS, () => ({ workspace: { apiTokens: [token] } })),
    answers(REVOKE_TOKEN, (variables) => {
      revoked = variables;
      return { revokeApiToken: { id: "w1" } };
    }),
  );
  await open("settings/tokens");
  const row = (await screen.findByText("Night report")).closest<HTMLElement>("[role=row]");
  expect(row?.textContent).toContain("nhip_at_…9f3c");
  expect(row?.textContent).toContain("Never used");
  expect(row?.textContent).toContain("Lan");
  await userEvent.click(screen.getByRole("button", { name: "Revoke Night report" }));
  const dialog = within(await screen.findByRole("dialog"));
  expect(revoked).toBeUndefined();
  await userEvent.click(dialog.getByRole("button", { name: "Revoke" }));
  expect(await screen.findByText("The token was revoked.")).toBeTruthy();
  expect(revoked).toEqual({ workspaceId: "w1", tokenId: "t1" });
});

test("tokens and the audit log are nothing for members", async () => {
  await open("settings/audit", { role: "MEMBER" });
  expect(await screen.findByText("There is nothing here")).toBeTruthy();
});

const entry: AuditRowFragment = {
  id: "e1",
  at: "2026-01-01T00:00:00Z",
  actor: "lan@example.com",
  action: "invitation.create",
  target: null,
  detail: { email: "vy@example.com", role: "MEMBER" },
  remoteAddress: "203.0.113.7",
  userAgent: "curl/8.14.1",
};

test("the audit log tells in the person's language who did what, from where", async () => {
  server.use(
    answers(AUDIT_LOG, () => ({
      workspace: {
        auditLog: all(
          entry,
          {
            ...entry,
            id: "e2",
            actor: "operator",
            action: "webhook.reveal_url",
            detail: null,
          },
          { ...entry, id: "e3", action: "account.pause", target: "a1", detail: null },
        ),
      },
    })),
    answers(MEMBERS, () => ({ workspace: { members: [] } })),
    answers(ACCOUNT_CHOICES, () => ({
      workspace: {
        accounts: { nodes: [{ id: "a1", name: null, phone: "+84901234567" }] },
        removed: { nodes: [] },
      },
    })),
  );
  await open("settings/audit", { locale: "vi" });
  const row = (await screen.findByText("Đã mời vy@example.com làm Thành viên")).closest("[role=row]");
  expect(row?.textContent).toContain("lan@example.com");
  expect(row?.textContent).toContain("203.0.113.7");
  expect(row?.textContent).toContain("curl");
  expect(screen.getByText("Đã xem URL webhook")).toBeTruthy();
  expect(await screen.findByText("Đã tạm dừng +84901234567")).toBeTruthy();
});
