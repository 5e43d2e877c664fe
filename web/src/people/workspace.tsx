import { Button, Stack, Text, TextInput } from "@mantine/core";
import { useRouter } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { useAsk, useDo } from "@/api/query";
import type { Role } from "@/gql/graphql";
import { useI18n } from "@/i18n";
import { Complaint } from "@/session/complaint";
import { mayOwn } from "@/shell/may";
import { CopyButton } from "@/ui/copy";
import { Dialog, DialogFooter } from "@/ui/dialog";
import { Facts, Panel } from "@/ui/page";
import { Shown } from "@/ui/shown";
import { ExactTime } from "@/ui/time";
import { tellDone } from "@/ui/toasts";
import { Another } from "./another";
import { DELETE_WORKSPACE, RENAME_WORKSPACE, WORKSPACE } from "./documents";
import classes from "./layout.module.css";

interface Props {
  workspaceId: string;
  myRole: Role | null | undefined;
}

/** The workspace itself: its name, another one, its end. */
export function WorkspaceSettings({ workspaceId, myRole }: Props) {
  const { t } = useI18n();
  const query = useAsk(WORKSPACE, { workspaceId });
  return (
    <Shown query={query}>
      {({ workspace }) =>
        workspace && (
          <div className={classes.narrow}>
            <Panel title={t("common.workspace")}>
              <Stack gap="lg">
                {mayOwn(myRole) && (
                  <Rename key={workspace.id} workspaceId={workspaceId} name={workspace.name} />
                )}
                <Facts
                  of={[
                    [t("people.workspaceName"), mayOwn(myRole) ? null : workspace.name],
                    [t("people.yourRole"), myRole && t(`enums.Role.${myRole}`)],
                    [t("people.workspaceId"), <Id key="id" id={workspace.id} />],
                    [t("people.madeAt"), <ExactTime key="at" at={workspace.createdAt} />],
                  ]}
                />
              </Stack>
            </Panel>
            <Another />
            {mayOwn(myRole) && <Delete workspaceId={workspaceId} name={workspace.name} />}
          </div>
        )
      }
    </Shown>
  );
}

function Id({ id }: { id: string }) {
  return (
    <span className={classes.id}>
      {id} <CopyButton text={id} />
    </span>
  );
}

function Rename({ workspaceId, name }: { workspaceId: string; name: string }) {
  const { t } = useI18n();
  const rename = useDo(RENAME_WORKSPACE, {
    quiet: true,
    onDone: () => tellDone(t("people.workspaceRenamed")),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    rename.mutate({ workspaceId, name: String(new FormData(event.currentTarget).get("name")) });
  };
  return (
    <form className={classes.form} onSubmit={submit}>
      <TextInput
        name="name"
        label={t("people.workspaceName")}
        defaultValue={name}
        required
        withAsterisk={false}
      />
      <Complaint error={rename.error} />
      <Button type="submit" variant="default" loading={rename.isPending} w="fit-content">
        {t("people.workspaceRename")}
      </Button>
    </form>
  );
}

function Delete({ workspaceId, name }: { workspaceId: string; name: string }) {
  const { t } = useI18n();
  const router = useRouter();
  const [opened, setOpened] = useState(false);
  const [typed, setTyped] = useState("");
  const end = useDo(DELETE_WORKSPACE, {
    quiet: true,
    onDone: async () => {
      setOpened(false);
      tellDone(t("people.deleted", { name }));
      await router.options.context.queries.invalidateQueries();
      await router.navigate({ to: "/", replace: true });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (typed.trim() === name) end.mutate({ workspaceId });
  };
  return (
    <Panel title={t("people.delete")}>
      <Stack gap="md" align="flex-start">
        <p className={classes.note}>{t("people.deleteHint")}</p>
        <Button color="red.8" onClick={() => setOpened(true)}>
          {t("people.delete")}
        </Button>
      </Stack>
      <Dialog opened={opened} onClose={() => setOpened(false)} title={t("people.deleteTitle", { name })}>
        <form onSubmit={submit}>
          <Stack gap="md">
            <Text c="dimmed">{t("people.deleteBody")}</Text>
            <TextInput
              label={t("people.deleteType", { name })}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              autoComplete="off"
              data-autofocus
            />
            <Complaint error={end.error} />
            <DialogFooter
              submit={t("people.delete")}
              color="red.8"
              disabled={typed.trim() !== name}
              loading={end.isPending}
              onCancel={() => setOpened(false)}
            />
          </Stack>
        </form>
      </Dialog>
    </Panel>
  );
}
