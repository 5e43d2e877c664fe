import { IconHistory } from "@tabler/icons-react";
import { useAsk, useAskMore } from "@/api/query";
import type { AuditRowFragment } from "@/gql/graphql";
import { useI18n } from "@/i18n";
import { ACCOUNT_CHOICES } from "@/messages/documents";
import { deviceIn } from "@/settings/device";
import { EndlessTable } from "@/ui/endless";
import { Panel } from "@/ui/page";
import { Empty } from "@/ui/shown";
import type { Column } from "@/ui/table";
import { Time } from "@/ui/time";
import { AUDIT_LOG, MEMBERS } from "./documents";
import classes from "./layout.module.css";
import { useSentence } from "./sentence";

/** Who changed what, newest first. */
export function AuditLog({ workspaceId }: { workspaceId: string }) {
  const { t } = useI18n();
  const list = useAskMore(AUDIT_LOG, { workspaceId }, (data) => data.workspace?.auditLog);
  const columns = useColumns(workspaceId);
  return (
    <Panel title={t("audit.title")} hint={t("audit.hint")} flush>
      <EndlessTable
        label={t("audit.title")}
        columns={columns}
        list={list}
        nothing={<Empty icon={IconHistory} title={t("audit.emptyTitle")} hint={t("audit.emptyHint")} />}
      />
    </Panel>
  );
}

function useColumns(workspaceId: string): Column<AuditRowFragment>[] {
  const { t } = useI18n();
  const members = useAsk(MEMBERS, { workspaceId }).data?.workspace?.members ?? [];
  const choices = useAsk(ACCOUNT_CHOICES, { workspaceId }).data?.workspace;
  const people = members.map(({ user }) => [user.id, user.name] as const);
  const numbers = [...(choices?.accounts.nodes ?? []), ...(choices?.removed.nodes ?? [])].map(
    ({ id, name, phone }) => [id, name ?? phone ?? id] as const,
  );
  const sentence = useSentence(new Map([...people, ...numbers]));
  return [
    {
      key: "what",
      header: t("audit.what"),
      width: "minmax(0, 2.4fr)",
      phone: "title",
      cell: (entry) => (
        <div className={classes.wrap} data-wraps>
          {sentence(entry)}
        </div>
      ),
    },
    {
      key: "who",
      header: t("audit.who"),
      width: "minmax(0, 1.3fr)",
      phone: "line",
      cell: ({ actor }) => (actor === "operator" ? t("audit.operator") : actor),
    },
    {
      key: "from",
      header: t("audit.from"),
      width: "minmax(0, 1.2fr)",
      phone: "line",
      cell: ({ remoteAddress, userAgent }) =>
        userAgent || remoteAddress ? (
          <div className={`${classes.who} ${classes.from}`} title={userAgent ?? undefined}>
            <span>{userAgent ? deviceIn(userAgent, t) : t("audit.unknown")}</span>
            <span className={classes.small}>{remoteAddress}</span>
          </div>
        ) : (
          <span data-said>–</span>
        ),
    },
    {
      key: "when",
      header: t("audit.when"),
      width: "120px",
      phone: "aside",
      cell: ({ at }) => <Time at={at} />,
    },
  ];
}
