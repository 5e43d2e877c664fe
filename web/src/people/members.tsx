import { ActionIcon, Menu, Select } from "@mantine/core";
import { IconDots, IconLogout, IconUserMinus } from "@tabler/icons-react";
import { useRouter } from "@tanstack/react-router";
import { useState } from "react";
import { useAsk, useDo } from "@/api/query";
import type { MemberRowFragment, Role } from "@/gql/graphql";
import { useI18n } from "@/i18n";
import { mayKnowUrl, mayManage, rolesGivenBy } from "@/shell/may";
import { useWhoAmI } from "@/shell/workspaces";
import { type Question, useConfirm } from "@/ui/confirm";
import { DangerItem } from "@/ui/danger-item";
import { Panel } from "@/ui/page";
import { Shown } from "@/ui/shown";
import { type Column, Table } from "@/ui/table";
import { Time } from "@/ui/time";
import { tellDone } from "@/ui/toasts";
import { LEAVE, MEMBERS, NEW_WEBHOOK_URL, REMOVE_MEMBER, SET_ROLE } from "./documents";
import { Invitations } from "./invitations";
import classes from "./layout.module.css";
import { SecretModal, type Told } from "./secret";

interface Props {
  workspaceId: string;
  myRole: Role | null | undefined;
}

/** The workspace's people, and below them who was invited. */
export function Members({ workspaceId, myRole }: Props) {
  const { t } = useI18n();
  const query = useAsk(MEMBERS, { workspaceId });
  const [told, setTold] = useState<Told | null>(null);
  const columns = useColumns({ workspaceId, myRole }, setTold);
  return (
    <>
      <Panel title={t("people.members")} hint={t("people.membersHint")} flush>
        <Shown query={query}>
          {({ workspace }) => (
            <Table
              label={t("people.members")}
              columns={columns}
              rows={workspace?.members ?? []}
              rowKey={({ user }) => user.id}
            />
          )}
        </Shown>
      </Panel>
      {mayManage(myRole) && <Invitations workspaceId={workspaceId} myRole={myRole} />}
      <SecretModal told={told} onClose={() => setTold(null)} />
    </>
  );
}

function useColumns(props: Props, tell: (told: Told) => void): Column<MemberRowFragment>[] {
  const { t } = useI18n();
  const me = useWhoAmI().data?.me?.id;
  return [
    {
      key: "who",
      header: t("people.who"),
      width: "minmax(180px, 2fr)",
      phone: "title",
      cell: ({ user }) => (
        <div className={classes.who}>
          <strong>{user.id === me ? t("people.you", { name: user.name }) : user.name}</strong>
          <span className={classes.small}>{user.email}</span>
        </div>
      ),
    },
    {
      key: "role",
      header: t("people.role"),
      width: "170px",
      phone: "line",
      cell: (member) => <RoleOf {...props} member={member} />,
    },
    {
      key: "since",
      header: t("people.since"),
      width: "130px",
      phone: "hidden",
      cell: ({ joinedAt }) => <Time at={joinedAt} />,
    },
    {
      key: "do",
      header: t("people.actions"),
      width: "60px",
      phone: "aside",
      end: true,
      cell: (member) =>
        member.user.id === me ? (
          <Leave workspaceId={props.workspaceId} />
        ) : (
          <Remove {...props} member={member} tell={tell} />
        ),
    },
  ];
}

interface OneProps extends Props {
  member: MemberRowFragment;
}

/** The role; to choose from, where one may give and take it. */
function RoleOf({ workspaceId, myRole, member }: OneProps) {
  const { t } = useI18n();
  const set = useDo(SET_ROLE, {
    saying: { CONFLICT: t("people.lastOwner") },
    onDone: () => tellDone(t("people.roleSet")),
  });
  const confirm = useConfirm();
  const me = useWhoAmI().data?.me?.id;
  const given = rolesGivenBy(myRole);
  if (!given.includes(member.role) || given.length < 2) return t(`enums.Role.${member.role}`);
  return (
    <Select
      aria-label={t("people.roleOf", { name: member.user.name })}
      size="xs"
      data={given.map((value) => ({ value, label: t(`enums.Role.${value}`) }))}
      value={member.role}
      allowDeselect={false}
      disabled={set.isPending}
      onChange={(role) => void give(role as Role)}
    />
  );

  async function give(role: Role | null): Promise<void> {
    const { id, name } = member.user;
    if (!role || role === member.role) return;
    if (id === me && !(await confirm(stepDown(role)))) return;
    if (role === "OWNER" && !(await confirm(makeOwner(name)))) return;
    set.mutate({ input: { workspaceId, userId: id, role } });
  }

  function makeOwner(name: string): Question {
    return {
      title: t("people.ownerTitle", { name }),
      body: t("people.ownerBody"),
      action: t("people.ownerAction"),
    };
  }

  function stepDown(role: Role): Question {
    return {
      title: t("people.stepDownTitle", { role: t(`enums.Role.${role}`) }),
      body: t("people.stepDownBody"),
      action: t("people.stepDownAction"),
      danger: true,
    };
  }
}

function Remove({ workspaceId, myRole, member, tell }: OneProps & { tell: (told: Told) => void }) {
  const { t } = useI18n();
  const confirm = useConfirm();
  const remove = useDo(REMOVE_MEMBER, { saying: { CONFLICT: t("people.lastOwner") } });
  const renew = useDo(NEW_WEBHOOK_URL);
  if (!rolesGivenBy(myRole).includes(member.role)) return null;
  const { name, id } = member.user;
  const offerNewUrl = async () => {
    const yes = await confirm({
      title: t("people.renewTitle"),
      body: t("people.renewBody", { name }),
      action: t("people.renew"),
      danger: true,
    });
    if (!yes) return;
    const { generateWebhookUrl } = await renew.mutateAsync({ workspaceId });
    tell({ title: t("people.renewed"), hint: t("people.renewedHint"), secret: generateWebhookUrl.url });
  };
  const ask = async () => {
    const yes = await confirm({
      title: t("people.removeTitle", { name }),
      body: t("people.removeBody"),
      action: t("people.remove"),
      danger: true,
    });
    if (!yes) return;
    await remove.mutateAsync({ workspaceId, userId: id });
    tellDone(t("people.removed", { name }));
    if (mayKnowUrl(member.role)) await offerNewUrl();
  };
  return (
    <More label={t("people.actionsOf", { name })}>
      {/* What fails is told in a toast. */}
      <DangerItem icon={IconUserMinus} onClick={() => void ask().catch(() => {})}>
        {t("people.remove")}
      </DangerItem>
    </More>
  );
}

function Leave({ workspaceId }: { workspaceId: string }) {
  const { t } = useI18n();
  const confirm = useConfirm();
  const router = useRouter();
  const leave = useDo(LEAVE, {
    saying: { CONFLICT: t("people.lastOwner") },
    onDone: async () => {
      tellDone(t("people.left"));
      await router.options.context.queries.invalidateQueries();
      await router.navigate({ to: "/", replace: true });
    },
  });
  const ask = async () => {
    const yes = await confirm({
      title: t("people.leaveTitle"),
      body: t("people.leaveBody"),
      action: t("people.leave"),
      danger: true,
    });
    if (yes) leave.mutate({ workspaceId });
  };
  return (
    <More label={t("people.actionsOfYou")}>
      <DangerItem icon={IconLogout} onClick={() => void ask()}>
        {t("people.leave")}
      </DangerItem>
    </More>
  );
}

function More({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={label}>
          <IconDots size={17} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>{children}</Menu.Dropdown>
    </Menu>
  );
}
