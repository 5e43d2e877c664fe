import { Button, Text } from "@mantine/core";
import { IconDeviceDesktop, IconDeviceMobile } from "@tabler/icons-react";
import { useDo } from "@/api/query";
import type { SessionRowFragment } from "@/gql/graphql";
import { useI18n } from "@/i18n";
import { useConfirm } from "@/ui/confirm";
import { Panel } from "@/ui/page";
import { Time } from "@/ui/time";
import { tellDone } from "@/ui/toasts";
import { deviceIn } from "./device";
import { REVOKE_SESSION } from "./documents";
import classes from "./page.module.css";

/** Each log-in that has not ended, and a way to end the others. */
export function Sessions({ sessions }: { sessions: SessionRowFragment[] }) {
  const { t } = useI18n();
  return (
    <Panel title={t("settings.sessions")}>
      <p className={classes.small}>{t("settings.sessionsHint")}</p>
      <ul className={classes.sessions}>
        {sessions.map((session) => (
          <Session key={session.id} session={session} />
        ))}
      </ul>
    </Panel>
  );
}

function Session({ session }: { session: SessionRowFragment }) {
  const { t } = useI18n();
  const { id, current, lastUsedAt, remoteAddress, userAgent } = session;
  const revoke = useDo(REVOKE_SESSION, { onDone: () => tellDone(t("settings.sessionEnded")) });
  const confirm = useConfirm();
  const askAndEnd = async () => {
    const yes = await confirm({
      title: t("settings.endTitle", { device }),
      body: t("settings.endBody"),
      action: t("settings.endAction"),
      danger: true,
    });
    if (yes) revoke.mutate({ id });
  };
  const device = userAgent ? deviceIn(userAgent, t) : t("settings.unknownDevice");
  const Icon = /Mobile|Android|iPhone/.test(userAgent ?? "") ? IconDeviceMobile : IconDeviceDesktop;
  return (
    <li className={classes.session}>
      <span className={classes.device}>
        <Icon size={18} stroke={1.7} aria-hidden="true" />
      </span>
      <div>
        <div className={classes.name} title={userAgent ?? undefined}>
          {device}
        </div>
        <p className={classes.small}>
          {remoteAddress} · {t("settings.lastUsed")} <Time at={lastUsedAt} />
        </p>
      </div>
      {current ? (
        <Text fw={550}>{t("settings.thisOne")}</Text>
      ) : (
        <Button
          variant="default"
          size="compact-sm"
          loading={revoke.isPending}
          aria-label={t("settings.endSessionOf", { device })}
          onClick={() => void askAndEnd()}
        >
          {t("settings.endSession")}
        </Button>
      )}
    </li>
  );
}
