import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import type { MemberRowFragment } from "@/gql/graphql";
import {
  INVITATIONS,
  INVITE,
  LEAVE,
  MEMBERS,
  NEW_WEBHOOK_URL,
  REMOVE_MEMBER,
  REVOKE_INVITATION,
  SET_ROLE,
} from "@/people/documents";
import { FAR, ME, open } from "./open";
import { answers, refuses, server } from "./server";

const JOINED = "2026-01-01T00:00:00Z";
const an: MemberRowFragment = {
  role: "ADMIN",
  joinedAt: JOINED,
  user: { id: "u2", name: "An", email: "an@example.com" },
};
const binh: MemberRowFragment = {
  role: "MEMBER",
  joinedAt: JOINED,
  user: { id: "u3", name: "Bình", email: "binh@example.com" },
};
const invitation = {
  id: "i1",
  email: "vy@example.com",
  role: "MEMBER" as const,
  expiresAt: FAR,
  invitedBy: { id: ME.id, name: ME.name },
};

/** Nothing has a place here, so what hangs on a button is hidden for hanging on nothing. */
const hidden = true;

function shows(...invited: (typeof invitation)[]): void {
  server.use(
    answers(MEMBERS, () => ({
      workspace: { members: [{ role: "OWNER" as const, joinedAt: JOINED, user: ME }, an, binh] },
    })),
    answers(INVITATIONS, () => ({ workspace: { invitations: invited } })),
  );
}

function rowOf(email: string) {
  return within(screen.getByText(email).closest<HTMLElement>("[role=row]") as HTMLElement);
}

test("an admin manages members, and neither admins nor owners", async () => {
  shows();
  await open("settings/members", { role: "ADMIN" });
  await screen.findByText("An");
  expect(rowOf("an@example.com").queryByRole("button")).toBeNull();
  expect(rowOf("binh@example.com").getByRole("button", { name: "Actions for Bình" })).toBeTruthy();
  expect(screen.queryByRole("combobox", { name: /Role of/ })).toBeNull();
});

test("nobody becomes an owner, and nobody gives up being one, on one click", async () => {
  const asked: unknown[] = [];
  shows();
  server.use(
    answers(SET_ROLE, ({ input }) => {
      asked.push([input.userId, input.role]);
      return { setMemberRole: { ...an, role: input.role } };
    }),
  );
  await open("settings/members");
  const choose = async (name: string, role: string) => {
    const field = await screen.findByRole("combobox", { name });
    await userEvent.click(field);
    // Each field has a list of its own, and all of them are hidden here.
    const list = () => document.getElementById(field.getAttribute("aria-controls") ?? "");
    await expect.poll(list).toBeTruthy();
    await userEvent.click(within(list() as HTMLElement).getByRole("option", { name: role, hidden }));
  };
  await choose("Role of An", "Owner");
  expect(await screen.findByText("Make An an owner?")).toBeTruthy();
  expect(asked).toEqual([]);
  await userEvent.click(screen.getByRole("button", { name: "Make owner" }));
  await expect.poll(() => asked).toEqual([["u2", "OWNER"]]);
  await choose("Role of Lan", "Member");
  expect(await screen.findByText("Become Member yourself?")).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Give up my role" }));
  await expect
    .poll(() => asked)
    .toEqual([
      ["u2", "OWNER"],
      ["u1", "MEMBER"],
    ]);
});

test("a member is not even asked for invitations, and changes nothing", async () => {
  server.use(answers(MEMBERS, () => ({ workspace: { members: [an] } })));
  await open("settings/members", { role: "MEMBER" });
  expect(await screen.findByText("An")).toBeTruthy();
  expect(screen.queryByRole("heading", { name: "Invitations" })).toBeNull();
  expect(rowOf("an@example.com").queryByRole("button")).toBeNull();
});

test("after removing an admin a new webhook URL is offered, and shown once", async () => {
  shows();
  server.use(
    answers(REMOVE_MEMBER, () => ({ removeMember: { id: "w1" } })),
    answers(NEW_WEBHOOK_URL, () => ({
      generateWebhookUrl: { url: "https://nhip.example/webhook/nhip_wh_new" },
    })),
  );
  await open("settings/members");
  await userEvent.click(await screen.findByRole("button", { name: "Actions for An" }));
  await userEvent.click(await screen.findByRole("menuitem", { name: "Remove from workspace", hidden }));
  await userEvent.click(await screen.findByRole("button", { name: "Remove from workspace" }));
  await userEvent.click(await screen.findByRole("button", { name: "Generate new URL" }));
  expect(await screen.findByText("https://nhip.example/webhook/nhip_wh_new")).toBeTruthy();
});

test("an invitation's link is shown once, and gone with its dialog", async () => {
  const url = "https://nhip.example/invitation#token=nhip_in_x";
  shows();
  server.use(answers(INVITE, () => ({ inviteMember: { url, emailSent: false, invitation } })));
  await open("settings/members");
  await userEvent.click(await screen.findByRole("button", { name: "Invite" }));
  await userEvent.type(await screen.findByLabelText("E-mail"), "vy@example.com");
  await userEvent.click(screen.getByRole("button", { name: "Make invitation" }));
  expect(await screen.findByText(url)).toBeTruthy();
  await userEvent.click(screen.getByRole("button", { name: "Done" }));
  await expect.poll(() => screen.queryByText(url)).toBeNull();
});

test("why somebody cannot be invited stands in the form", async () => {
  shows();
  server.use(refuses(INVITE, "BAD_INPUT", "This person is a member already", "email"));
  await open("settings/members");
  await userEvent.click(await screen.findByRole("button", { name: "Invite" }));
  await userEvent.type(await screen.findByLabelText("E-mail"), "an@example.com");
  await userEvent.click(screen.getByRole("button", { name: "Make invitation" }));
  expect((await screen.findByRole("alert")).textContent).toContain("This person is a member already");
});

test("each conflict is told in its own words", async () => {
  shows();
  server.use(refuses(INVITE, "CONFLICT", "Taken", "email"));
  await open("settings/members");
  await userEvent.click(await screen.findByRole("button", { name: "Invite" }));
  await userEvent.type(await screen.findByLabelText("E-mail"), "an@example.com");
  const submit = screen.getByRole("button", { name: "Make invitation" });
  await userEvent.click(submit);
  expect(await screen.findByText("This person is a member of this workspace already.")).toBeTruthy();
  server.use(refuses(INVITE, "CONFLICT", "Full"));
  await userEvent.click(submit);
  expect(await screen.findByText(/100 invitations wait/)).toBeTruthy();
});

test("the last owner learns why they cannot leave", async () => {
  shows();
  server.use(
    refuses(LEAVE, "CONFLICT", "A workspace keeps at least one owner; make somebody else an owner first"),
  );
  await open("settings/members", { locale: "vi" });
  await userEvent.click(await screen.findByRole("button", { name: "Thao tác của bạn" }));
  await userEvent.click(await screen.findByRole("menuitem", { name: "Rời không gian làm việc", hidden }));
  await userEvent.click(await screen.findByRole("button", { name: "Rời không gian làm việc" }));
  expect(await screen.findByText(/phải luôn có ít nhất một chủ sở hữu/)).toBeTruthy();
});

test("an invitation is revoked only after one was asked", async () => {
  let revoked = 0;
  shows(invitation);
  server.use(
    answers(REVOKE_INVITATION, () => {
      revoked += 1;
      return { revokeInvitation: { id: "w1" } };
    }),
  );
  await open("settings/members");
  await userEvent.click(
    await screen.findByRole("button", { name: "Revoke the invitation of vy@example.com" }),
  );
  expect(await screen.findByText("Its link stops working at once.")).toBeTruthy();
  expect(revoked).toBe(0);
  await userEvent.click(within(screen.getByRole("dialog")).getByRole("button", { name: "Revoke" }));
  expect(await screen.findByText("The invitation was revoked.")).toBeTruthy();
  expect(revoked).toBe(1);
});
