import { Button, Group } from "@mantine/core";
import { IconMessages } from "@tabler/icons-react";
import { useLive, useThrottled } from "@/api/live";
import { useAsk, useReread } from "@/api/query";
import type { AccountQuery } from "@/gql/graphql";
import { useI18n } from "@/i18n";
import { CancelWaiting } from "@/messages/cancel-waiting";
import { useMaySteer } from "@/shell/may";
import { BackToList } from "@/ui/back-to-list";
import { Gone, isGone } from "@/ui/gone";
import { Link } from "@/ui/link";
import { Back, Facts, Page, Panel } from "@/ui/page";
import { Shown } from "@/ui/shown";
import { AccountBadge } from "@/ui/states";
import { ExactTime } from "@/ui/time";
import { Actions } from "./actions";
import { useBeats } from "./beats";
import { CapPanel } from "./cap";
import { DefaultBadge } from "./default-badge";
import { ACCOUNT, ACCOUNT_CHANGED } from "./documents";
import { Lane } from "./lane";
import { MetaHelp, MetaSteps } from "./meta-steps";
import { Outlook } from "./outlook";
import { PacePanel } from "./pace";
import classes from "./page.module.css";
import { Standing } from "./standing";
import { TemplatePanel } from "./template";

export type FullAccount = NonNullable<NonNullable<AccountQuery["workspace"]>["account"]>;

/** Changes are read at most this often, in milliseconds. */
const CALM = 700;

export function AccountPage({ workspaceId, id }: { workspaceId: string; id: string }) {
  const { t } = useI18n();
  const query = useAsk(ACCOUNT, { workspaceId, id });
  const reread = useThrottled(useReread(ACCOUNT, { workspaceId, id }), CALM);
  useLive(ACCOUNT_CHANGED, { workspaceId }, reread);
  if (isGone(query)) {
    return (
      <Gone
        title={t("accounts.goneTitle")}
        hint={t("accounts.goneHint")}
        back={
          <Back to="/w/$workspaceId/accounts" params={{ workspaceId }}>
            {t("accounts.back")}
          </Back>
        }
      />
    );
  }
  return (
    <Shown query={query}>
      {({ workspace }) =>
        workspace?.account && <Found workspaceId={workspaceId} account={workspace.account} reread={reread} />
      }
    </Shown>
  );
}

interface FoundProps {
  workspaceId: string;
  account: FullAccount;
  reread: () => void;
}

function Found({ workspaceId, account, reread }: FoundProps) {
  const { t } = useI18n();
  const may = useMaySteer();
  const removed = account.state === "REMOVED";
  return (
    <Page
      title={account.name ?? account.phone ?? ""}
      hint={account.name === account.phone ? undefined : account.phone}
      back={
        <BackToList to="/w/$workspaceId/accounts" params={{ workspaceId }}>
          {t("accounts.back")}
        </BackToList>
      }
      actions={
        <Group gap={8}>
          {account.isDefault && <DefaultBadge />}
          <AccountBadge state={account.state} />
          {may && !removed && <Actions workspaceId={workspaceId} account={account} />}
        </Group>
      }
    >
      <div className={classes.columns}>
        <div className={classes.stack}>
          <Standing account={account} />
          {!removed && <QueuePanel workspaceId={workspaceId} account={account} reread={reread} />}
          {!removed && <PacePanel key={account.id} account={account} may={may} />}
          {!removed && <CapPanel key={`cap-${account.id}`} account={account} may={may} />}
          {!removed && account.gateway === "CLOUD_API" && (
            <CloudApiPanels key={`cloud-${account.id}`} account={account} may={may} />
          )}
        </div>
        <Panel title={t("accounts.details")}>
          <Details account={account} />
        </Panel>
      </div>
    </Page>
  );
}

function QueuePanel({ workspaceId, account, reread }: FoundProps) {
  const { t } = useI18n();
  const beats = useBeats(workspaceId, reread, account.id).get(account.id) ?? [];
  const { queued } = account;
  return (
    <Panel title={t("accounts.queueTitle")}>
      <div className={classes.queue}>
        <Lane account={account} beats={beats} />
        <div className={classes.scale} aria-hidden="true">
          <span>{t("accounts.beatPast")}</span>
          <span>{t("accounts.beatNow")}</span>
        </div>
        <div className={classes.line}>
          <strong>
            {queued > 0 ? t("accounts.waiting", { count: queued }) : t("accounts.nothingWaits")}
          </strong>
          <Outlook account={account} />
          {queued > 0 && (
            <div className={classes.acts}>
              <Button
                variant="default"
                size="xs"
                leftSection={<IconMessages size={15} />}
                renderRoot={(props) => (
                  <Link
                    {...props}
                    to="/w/$workspaceId/messages"
                    params={{ workspaceId }}
                    search={{ account: account.id, status: ["QUEUED"] }}
                  />
                )}
              >
                {t("accounts.seeQueue")}
              </Button>
              <CancelWaiting workspaceId={workspaceId} accountId={account.id} />
            </div>
          )}
        </div>
      </div>
    </Panel>
  );
}

/** What only accounts at Meta have. */
function CloudApiPanels({ account, may }: { account: FullAccount; may: boolean }) {
  const { t } = useI18n();
  return (
    <>
      <TemplatePanel account={account} may={may} />
      {may && account.callbackUrl && (
        <Panel title={t("accounts.metaPanel")} hint={t("accounts.metaHint")} actions={<MetaHelp />}>
          <MetaSteps callbackUrl={account.callbackUrl} />
        </Panel>
      )}
    </>
  );
}

function Details({ account }: { account: FullAccount }) {
  const { t } = useI18n();
  const { gateway, phone, capabilities, connectedAt, createdAt, template, isDefault, state } = account;
  const why = t(isDefault ? "accounts.defaultHint" : "accounts.notDefaultHint");
  return (
    <Facts
      of={[
        [t("accounts.phone"), phone],
        [t("accounts.gateway"), t(`enums.Gateway.${gateway}`)],
        [t("accounts.isDefault"), state === "REMOVED" ? null : why],
        [
          t("accounts.capabilities"),
          capabilities
            .map((each) => t(`enums.Capability.${each}`).replaceAll(" ", "\u00a0"))
            .join("\u00a0· "),
        ],
        [t("accounts.connectedAt"), connectedAt && <ExactTime key="connected" at={connectedAt} />],
        [t("accounts.createdAt"), <ExactTime key="created" at={createdAt} />],
        [t("accounts.template"), template && `${template.name} (${template.language})`],
      ]}
    />
  );
}
