import { Button, Group } from "@mantine/core";
import { useDo } from "@/api/query";
import type { MessageQuery } from "@/gql/graphql";
import { useI18n } from "@/i18n";
import { AccountLink } from "@/ui/account-link";
import { BackToList } from "@/ui/back-to-list";
import { useConfirm } from "@/ui/confirm";
import { CopyButton } from "@/ui/copy";
import { Gone, isGone } from "@/ui/gone";
import { Link } from "@/ui/link";
import { Back, Facts, Page, Panel } from "@/ui/page";
import { Shown } from "@/ui/shown";
import { StatusBadge } from "@/ui/states";
import { ExactTime } from "@/ui/time";
import { tellDone } from "@/ui/toasts";
import { Content } from "./content";
import { CANCEL } from "./documents";
import { History } from "./history";
import classes from "./page.module.css";
import { Resend } from "./resend";
import { useMessage } from "./use-message";
import { Why } from "./why";

export type FullMessage = NonNullable<NonNullable<MessageQuery["workspace"]>["message"]>;

interface Which {
  workspaceId: string;
  id: string;
}

export function MessagePage({ workspaceId, id }: Which) {
  const { t } = useI18n();
  const query = useMessage(workspaceId, id);
  if (isGone(query)) {
    return (
      <Gone
        title={t("messages.goneTitle")}
        hint={t("messages.goneHint")}
        back={
          <Back to="/w/$workspaceId/messages" params={{ workspaceId }}>
            {t("messages.back")}
          </Back>
        }
      />
    );
  }
  return (
    <Shown query={query}>
      {({ workspace }) =>
        workspace?.message && <Found workspaceId={workspaceId} message={workspace.message} />
      }
    </Shown>
  );
}

function Found({ workspaceId, message }: { workspaceId: string; message: FullMessage }) {
  const { t } = useI18n();
  return (
    <Page
      title={t("messages.to", { recipient: message.chat?.name ?? message.recipient })}
      back={
        <BackToList to="/w/$workspaceId/messages" params={{ workspaceId }}>
          {t("messages.back")}
        </BackToList>
      }
      actions={
        <Group gap="sm" mih={30}>
          <StatusBadge status={message.status} />
          {message.status === "FAILED" && !message.textErased && (
            <Resend workspaceId={workspaceId} {...message} />
          )}
          {message.status === "QUEUED" && <Cancel workspaceId={workspaceId} id={message.id} />}
        </Group>
      }
    >
      <div className={classes.columns}>
        <div className={classes.stack}>
          <Why message={message} />
          <Panel title={t("messages.text")}>
            <p className={classes.text}>
              <Content message={message} />
            </p>
          </Panel>
          <Panel title={t("messages.history")}>
            <History steps={message.history} told={message.failureDetail} />
          </Panel>
        </div>
        <Panel title={t("messages.details")}>
          <Details workspaceId={workspaceId} message={message} />
        </Panel>
      </div>
    </Page>
  );
}

function Details({ workspaceId, message }: { workspaceId: string; message: FullMessage }) {
  const { t, format } = useI18n();
  const { account, chat, fileUrl } = message;
  const credits = t("common.credits", { count: message.credits });
  const taken = message.creditsRestored
    ? t("messages.costRestored", { credits })
    : t("messages.costTaken", { credits });
  const about = [message.fileName, message.fileMime, message.fileSize && format.bytes(message.fileSize)];
  return (
    <Facts
      of={[
        [
          t("messages.id"),
          <Group key="id" gap={4} wrap="nowrap">
            <Id id={message.id} />
            <CopyButton text={message.id} />
          </Group>,
        ],
        [t("messages.recipient"), message.recipient],
        [t("messages.recipientAs"), t(`enums.RecipientKind.${message.recipientKind}`)],
        [
          t("messages.chat"),
          chat && (
            <Link to="/w/$workspaceId/chats/$chatId" params={{ workspaceId, chatId: chat.id }}>
              {chat.name}
            </Link>
          ),
        ],
        [t("messages.from"), <AccountLink key="account" workspaceId={workspaceId} account={account} />],
        [t("messages.source"), t(`enums.MessageSource.${message.source}`)],
        [t("messages.when"), <ExactTime key="when" at={message.createdAt} />],
        [
          t("messages.file"),
          fileUrl && <File key="file" about={about.filter(Boolean).join(" · ")} url={fileUrl} />,
        ],
        [t("messages.cost"), taken],
      ]}
    />
  );
}

/** `wa_backend:` and a number. */
function Id({ id }: { id: string }) {
  const [kind, ...rest] = id.split(":");
  return (
    <span className={`${classes.mono} ${classes.id}`}>
      {rest.length > 0 && `${kind}:`}
      <wbr />
      {rest.length > 0 ? rest.join(":") : kind}
    </span>
  );
}

function File({ about, url }: { about: string; url: string }) {
  return (
    <span className={classes.file}>
      {about && <span>{about}</span>}
      <a href={url} target="_blank" rel="noreferrer">
        {url}
      </a>
    </span>
  );
}

function Cancel({ workspaceId, id }: Which) {
  const { t } = useI18n();
  const confirm = useConfirm();
  const cancel = useDo(CANCEL, {
    onDone: ({ cancelMessages }) =>
      tellDone(t(cancelMessages.count > 0 ? "messages.canceled" : "messages.tooLate")),
  });
  const ask = async () => {
    const yes = await confirm({
      title: t("messages.cancelTitle"),
      body: t("messages.cancelBody"),
      action: t("messages.cancel"),
      keep: t("messages.keep"),
      danger: true,
    });
    if (yes) cancel.mutate({ workspaceId, id });
  };
  return (
    <Button variant="default" size="xs" loading={cancel.isPending} onClick={() => void ask()}>
      {t("messages.cancel")}
    </Button>
  );
}
