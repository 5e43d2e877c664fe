import { ActionIcon, Button, Menu, Stack, TextInput } from "@mantine/core";
import {
  IconDots,
  IconKey,
  IconPencil,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlugX,
  IconRefresh,
} from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { useDo } from "@/api/query";
import { useI18n } from "@/i18n";
import { Complaint } from "@/session/complaint";
import { useConfirm } from "@/ui/confirm";
import { DangerItem } from "@/ui/danger-item";
import { Dialog, DialogFooter } from "@/ui/dialog";
import { lazyDialog } from "@/ui/lazy";
import { tellDone } from "@/ui/toasts";
import { DISCONNECT, PAUSE, RECONNECT, RENAME, RESUME } from "./documents";
import type { FullAccount } from "./page";

const CredentialsDialog = lazyDialog(() => import("./credentials"));

interface Props {
  workspaceId: string;
  account: FullAccount;
}

/** What one can do with an account: the next step as a button, the rest in a menu. */
export function Actions(props: Props) {
  const { t } = useI18n();
  const { account } = props;
  const [renaming, setRenaming] = useState(false);
  const [entering, setEntering] = useState(false);
  const disconnect = useDisconnect(props);
  return (
    <>
      <NextStep account={account} onCredentials={() => setEntering(true)} />
      <Menu position="bottom-end" shadow="md">
        <Menu.Target>
          <ActionIcon variant="default" size={30} aria-label={t("accounts.more")}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={15} />} onClick={() => setRenaming(true)}>
            {t("accounts.rename")}
          </Menu.Item>
          {account.gateway === "CLOUD_API" && (
            <Menu.Item leftSection={<IconKey size={15} />} onClick={() => setEntering(true)}>
              {t("accounts.credentials")}
            </Menu.Item>
          )}
          <DangerItem icon={IconPlugX} onClick={() => void disconnect()}>
            {t("accounts.disconnect")}
          </DangerItem>
        </Menu.Dropdown>
      </Menu>
      <Rename account={account} opened={renaming} onClose={() => setRenaming(false)} />
      {entering && <CredentialsDialog accountId={account.id} opened onClose={() => setEntering(false)} />}
    </>
  );
}

interface NextProps {
  account: FullAccount;
  onCredentials: () => void;
}

/** Nobody reports the end of a restriction of Meta's, and of this one Meta did not say until when it lasts. */
function isRestrictedForGood({ state, gateway, restrictedUntil }: FullAccount): boolean {
  return state === "RESTRICTED" && gateway === "CLOUD_API" && !restrictedUntil;
}

/** Pause, resume or reconnect, as its state allows; other credentials where the old ones are of no use. */
function NextStep({ account, onCredentials }: NextProps) {
  const { id, state, reason } = account;
  const { t } = useI18n();
  const pause = useDo(PAUSE, {
    saying: { CONFLICT: t("accounts.pauseConflict") },
    onDone: () => tellDone(t("accounts.paused")),
  });
  const resume = useDo(RESUME, {
    saying: { CONFLICT: t("accounts.resumeConflict") },
    onDone: () => tellDone(t("accounts.resumed")),
  });
  const reconnect = useDo(RECONNECT, {
    saying: { CONFLICT: t("accounts.reconnectConflict") },
    onDone: () => tellDone(t("accounts.reconnected")),
  });
  if (state === "PAUSED") {
    return (
      <Button
        size="xs"
        loading={resume.isPending}
        leftSection={<IconPlayerPlay size={15} />}
        onClick={() => resume.mutate({ id })}
      >
        {t("accounts.resume")}
      </Button>
    );
  }
  if (state === "LOGGED_OUT" && (reason === "TOKEN_EXPIRED" || reason === "TOKEN_REFUSED")) {
    return (
      <Button size="xs" leftSection={<IconKey size={15} />} onClick={onCredentials}>
        {t("accounts.credentials")}
      </Button>
    );
  }
  if (state === "LOGGED_OUT" || state === "BANNED" || state === "PAIRING" || isRestrictedForGood(account)) {
    return (
      <Button
        size="xs"
        loading={reconnect.isPending}
        leftSection={<IconRefresh size={15} />}
        onClick={() => reconnect.mutate({ id })}
      >
        {t("accounts.reconnect")}
      </Button>
    );
  }
  return (
    <Button
      size="xs"
      variant="default"
      title={t("accounts.pauseHint")}
      loading={pause.isPending}
      leftSection={<IconPlayerPause size={15} />}
      onClick={() => pause.mutate({ id })}
    >
      {t("accounts.pause")}
    </Button>
  );
}

/** Asks first, and says what happens to what waits. */
function useDisconnect({ workspaceId, account }: Props): () => Promise<void> {
  const { t } = useI18n();
  const confirm = useConfirm();
  const navigate = useNavigate();
  const disconnect = useDo(DISCONNECT, {
    onDone: () => {
      tellDone(t("accounts.disconnected"));
      void navigate({ to: "/w/$workspaceId/accounts", params: { workspaceId } });
    },
  });
  return async () => {
    const queue =
      account.queued > 0
        ? t("accounts.disconnectQueue", { count: account.queued })
        : t("accounts.disconnectNoQueue");
    const yes = await confirm({
      title: t("accounts.disconnectTitle", { name: account.name ?? account.phone ?? "" }),
      body: `${t("accounts.disconnectKeeps")} ${queue}`,
      action: t("accounts.disconnect"),
      danger: true,
    });
    if (yes) disconnect.mutate({ id: account.id });
  };
}

function Rename({
  account,
  opened,
  onClose,
}: {
  account: FullAccount;
  opened: boolean;
  onClose: () => void;
}) {
  const { t } = useI18n();
  const rename = useDo(RENAME, {
    quiet: true,
    onDone: () => {
      onClose();
      tellDone(t("accounts.renamed"));
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    rename.mutate({ id: account.id, name: String(new FormData(event.currentTarget).get("name")) });
  };
  return (
    <Dialog opened={opened} onClose={onClose} title={t("accounts.rename")}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <TextInput
            name="name"
            label={t("accounts.yourName")}
            defaultValue={account.name ?? ""}
            maxLength={100}
            required
            withAsterisk={false}
            data-autofocus
          />
          <Complaint error={rename.error} />
          <DialogFooter submit={t("accounts.save")} loading={rename.isPending} onCancel={onClose} />
        </Stack>
      </form>
    </Dialog>
  );
}
