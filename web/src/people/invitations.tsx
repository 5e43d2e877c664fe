import { Button, Select, Stack, TextInput } from "@mantine/core";
import { IconMailPlus, IconUserPlus } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { useAsk, useDo } from "@/api/query";
import type { InvitationRowFragment, Role } from "@/gql/graphql";
import { useI18n } from "@/i18n";
import { Complaint } from "@/session/complaint";
import { rolesGivenBy } from "@/shell/may";
import { Dialog, DialogFooter } from "@/ui/dialog";
import { Panel } from "@/ui/page";
import { Empty, Shown } from "@/ui/shown";
import { type Column, Table } from "@/ui/table";
import { Time } from "@/ui/time";
import { tellDone } from "@/ui/toasts";
import { INVITATIONS, INVITE, REVOKE_INVITATION } from "./documents";
import classes from "./layout.module.css";
import { RevokeButton } from "./revoke-button";
import { SecretModal, type Told } from "./secret";

interface Props {
  workspaceId: string;
  myRole: Role | null | undefined;
}

/** Who was invited and has not come yet. */
export function Invitations(props: Props) {
  const { t } = useI18n();
  const query = useAsk(INVITATIONS, { workspaceId: props.workspaceId });
  const columns = useColumns(props);
  return (
    <Panel title={t("people.invitations")} actions={<Invite {...props} />} flush>
      <Shown query={query}>
        {({ workspace }) =>
          workspace?.invitations.length ? (
            <Table
              label={t("people.invitations")}
              columns={columns}
              rows={workspace.invitations}
              rowKey={({ id }) => id}
            />
          ) : (
            <Empty
              icon={IconMailPlus}
              title={t("people.noInvitations")}
              hint={t("people.noInvitationsHint")}
            />
          )
        }
      </Shown>
    </Panel>
  );
}

function useColumns(props: Props): Column<InvitationRowFragment>[] {
  const { t } = useI18n();
  return [
    {
      key: "email",
      header: t("login.email"),
      width: "minmax(180px, 2fr)",
      phone: "title",
      cell: ({ email, invitedBy }) => (
        <div className={classes.who}>
          <strong>{email}</strong>
          <span className={classes.small}>{t("people.invitedBy", { name: invitedBy.name })}</span>
        </div>
      ),
    },
    {
      key: "role",
      header: t("people.role"),
      width: "130px",
      phone: "line",
      cell: ({ role }) => t(`enums.Role.${role}`),
    },
    {
      key: "until",
      header: t("people.until"),
      width: "130px",
      phone: "line",
      cell: ({ expiresAt }) => <Time at={expiresAt} ahead />,
    },
    {
      key: "do",
      header: t("people.actions"),
      width: "110px",
      phone: "aside",
      end: true,
      cell: (invitation) => <Revoke {...props} invitation={invitation} />,
    },
  ];
}

function Revoke({ workspaceId, myRole, invitation }: Props & { invitation: InvitationRowFragment }) {
  const { t } = useI18n();
  const { id: invitationId, email, role } = invitation;
  const revoke = useDo(REVOKE_INVITATION, { onDone: () => tellDone(t("people.revoked")) });
  if (!rolesGivenBy(myRole).includes(role)) return null;
  return (
    <RevokeButton
      title={t("people.revokeTitle", { email })}
      body={t("people.revokeBody")}
      label={t("people.revokeOf", { email })}
      onRevoke={() => revoke.mutate({ workspaceId, invitationId })}
      loading={revoke.isPending}
    />
  );
}

function Invite({ workspaceId, myRole }: Props) {
  const { t } = useI18n();
  const [opened, setOpened] = useState(false);
  const [told, setTold] = useState<Told | null>(null);
  const roles = rolesGivenBy(myRole);
  const [role, setRole] = useState<Role>("MEMBER");
  const invite = useDo(INVITE, {
    quiet: true,
    onDone: ({ inviteMember: { url, emailSent, invitation } }) => {
      setOpened(false);
      const hint = t(emailSent ? "people.linkMailed" : "people.linkHint", { email: invitation.email });
      setTold({ title: t("people.linkTitle"), hint, secret: url });
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    invite.mutate({ workspaceId, email: String(new FormData(event.currentTarget).get("email")), role });
  };
  const open = () => {
    invite.reset();
    setRole("MEMBER");
    setOpened(true);
  };
  return (
    <>
      <Button leftSection={<IconUserPlus size={16} aria-hidden="true" />} onClick={open}>
        {t("people.invite")}
      </Button>
      <Dialog opened={opened} onClose={() => setOpened(false)} title={t("people.inviteTitle")}>
        <form onSubmit={submit}>
          <Stack gap="md">
            <TextInput
              name="email"
              type="email"
              label={t("login.email")}
              required
              withAsterisk={false}
              data-autofocus
            />
            <Select
              label={t("people.role")}
              description={t(`people.role_${role}`)}
              data={roles.map((value) => ({ value, label: t(`enums.Role.${value}`) }))}
              value={role}
              allowDeselect={false}
              onChange={(chosen) => chosen && setRole(chosen as Role)}
            />
            <Complaint
              error={invite.error}
              saying={{
                CONFLICT: t(invite.error?.field === "email" ? "people.inviteIsMember" : "people.inviteFull"),
              }}
            />
            <DialogFooter
              submit={t("people.inviteSubmit")}
              loading={invite.isPending}
              onCancel={() => setOpened(false)}
            />
          </Stack>
        </form>
      </Dialog>
      <SecretModal told={told} onClose={() => setTold(null)} />
    </>
  );
}
