import { Button, Group, Switch } from "@mantine/core";
import { IconCheck, IconEye, IconEyeOff, IconLock, IconRefresh, IconX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useDo } from "@/api/query";
import type { WebhookSwitchFragment } from "@/gql/graphql";
import { useI18n } from "@/i18n";
import { useMaySteer } from "@/shell/may";
import { Badge } from "@/ui/badge";
import { useConfirm } from "@/ui/confirm";
import { CopyButton } from "@/ui/copy";
import { Panel } from "@/ui/page";
import { Time } from "@/ui/time";
import { tellDone } from "@/ui/toasts";
import classes from "./connection.module.css";
import { SET_ENABLED } from "./documents";
import { OutcomeBadge } from "./outcome";
import type { SecretUrl } from "./secret";

interface Props {
  workspaceId: string;
  webhook: WebhookSwitchFragment;
  secret: SecretUrl;
}

/** The switch, the URL, and when it was last called; on a phone, beside a form, the switch alone. */
export function Connection({ compact, ...props }: Props & { compact: boolean }) {
  const { t } = useI18n();
  const { lastActivation } = props.webhook;
  return (
    <div className={compact ? classes.compact : undefined}>
      <Panel flush>
        <Enabled {...props} />
        <Url {...props} />
        <Row name={t("webhook.lastActivation")}>
          {lastActivation ? (
            <Group gap="sm">
              <OutcomeBadge outcome={lastActivation.outcome} />
              <Time at={lastActivation.at} />
            </Group>
          ) : (
            <span className={classes.hint}>{t("webhook.never")}</span>
          )}
        </Row>
      </Panel>
    </div>
  );
}

function Row({ name, children, actions }: { name: string; children: ReactNode; actions?: ReactNode }) {
  return (
    <div className={classes.row}>
      <h2 className={classes.name}>{name}</h2>
      <div className={classes.what}>{children}</div>
      {actions && <div className={classes.actions}>{actions}</div>}
    </div>
  );
}

function Enabled({ workspaceId, webhook: { enabled, urlHint } }: Props) {
  const { t } = useI18n();
  const may = useMaySteer();
  const confirm = useConfirm();
  const set = useDo(SET_ENABLED, {
    onDone: ({ setWebhookEnabled }) =>
      tellDone(t(setWebhookEnabled.enabled ? "webhook.nowEnabled" : "webhook.nowDisabled")),
  });
  const toggle = async (on: boolean) => {
    const question = {
      title: t("webhook.disableTitle"),
      body: t("webhook.disableBody"),
      action: t("webhook.disable"),
      danger: true,
    };
    if (on || (await confirm(question))) set.mutate({ workspaceId, enabled: on });
  };
  return (
    <Row
      name={t("webhook.enabled")}
      actions={
        may ? (
          <Switch
            size="md"
            aria-label={t("webhook.enabled")}
            checked={set.isPending ? !enabled : enabled}
            disabled={set.isPending}
            onChange={(event) => void toggle(event.currentTarget.checked)}
          />
        ) : (
          <Badge tone={enabled ? "good" : "warn"} icon={enabled ? IconCheck : IconX}>
            {t(enabled ? "webhook.on" : "webhook.off")}
          </Badge>
        )
      }
    >
      <span className={enabled ? classes.hint : classes.off}>
        {t(!enabled ? "webhook.disabledHint" : urlHint ? "webhook.enabledHint" : "webhook.enabledNoUrl")}
      </span>
    </Row>
  );
}

function Url({ webhook, secret }: Props) {
  const { t } = useI18n();
  const may = useMaySteer();
  const { urlHint, urlCreatedAt } = webhook;
  return (
    <Row name={t("webhook.url")} actions={may && <UrlActions hasUrl={Boolean(urlHint)} secret={secret} />}>
      {secret.url ? (
        <div className={classes.url}>
          <code>{secret.url}</code>
          <CopyButton text={secret.url} label={t("webhook.copyUrl")} />
        </div>
      ) : (
        <span className={classes.hidden}>
          {urlHint ? (
            <>
              <IconLock size={15} aria-hidden="true" />
              {t("webhook.urlHidden", { hint: urlHint })}
            </>
          ) : (
            t(may ? "webhook.urlNone" : "webhook.urlNoneMembers")
          )}
        </span>
      )}
      <span className={classes.hint}>
        {(may || urlHint) && t(may ? "webhook.urlSecret" : "webhook.urlMembers")}{" "}
        {urlCreatedAt && (
          <span className={classes.since}>
            {t("webhook.urlSince")} <Time at={urlCreatedAt} />.
          </span>
        )}
      </span>
    </Row>
  );
}

function UrlActions({ hasUrl, secret }: { hasUrl: boolean; secret: SecretUrl }) {
  const { t } = useI18n();
  const confirm = useConfirm();
  const generate = async () => {
    const question = {
      title: t("webhook.generateTitle"),
      body: t("webhook.generateBody"),
      action: t("webhook.generate"),
      danger: true,
    };
    if (hasUrl && !(await confirm(question))) return;
    if (await secret.generate()) tellDone(t("webhook.generated"));
  };
  return (
    <Group gap="xs">
      {hasUrl && (
        <Button
          variant="default"
          loading={secret.busy}
          leftSection={secret.url ? <IconEyeOff size={16} /> : <IconEye size={16} />}
          onClick={() => (secret.url ? secret.hide() : void secret.reveal())}
        >
          {t(secret.url ? "webhook.hide" : "webhook.show")}
        </Button>
      )}
      <Button
        variant={hasUrl ? "default" : "filled"}
        leftSection={<IconRefresh size={16} />}
        disabled={secret.busy}
        onClick={() => void generate()}
      >
        {t(hasUrl ? "webhook.generate" : "webhook.generateFirst")}
      </Button>
    </Group>
  );
}
