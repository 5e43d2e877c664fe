import { IconKey } from "@tabler/icons-react";
import { useAsk, useDo } from "@/api/query";
import type { TokenRowFragment } from "@/gql/graphql";
import { useI18n } from "@/i18n";
import { Panel } from "@/ui/page";
import { Empty, Shown } from "@/ui/shown";
import { type Column, Table } from "@/ui/table";
import { Time } from "@/ui/time";
import { tellDone } from "@/ui/toasts";
import { CreateToken } from "./create-token";
import { REVOKE_TOKEN, TOKENS } from "./documents";
import classes from "./layout.module.css";
import { RevokeButton } from "./revoke-button";

/** What programs log in with. */
export function Tokens({ workspaceId }: { workspaceId: string }) {
  const { t } = useI18n();
  const query = useAsk(TOKENS, { workspaceId });
  const columns = useColumns(workspaceId);
  return (
    <Panel
      title={t("tokens.title")}
      hint={t("tokens.hint")}
      actions={<CreateToken workspaceId={workspaceId} />}
      flush
    >
      <Shown query={query}>
        {({ workspace }) =>
          workspace?.apiTokens.length ? (
            <Table
              label={t("tokens.title")}
              columns={columns}
              rows={workspace.apiTokens}
              rowKey={({ id }) => id}
            />
          ) : (
            <Empty icon={IconKey} title={t("tokens.emptyTitle")} hint={t("tokens.emptyHint")} />
          )
        }
      </Shown>
    </Panel>
  );
}

function useColumns(workspaceId: string): Column<TokenRowFragment>[] {
  const { t } = useI18n();
  return [
    {
      key: "name",
      header: t("tokens.name"),
      width: "minmax(150px, 1.2fr)",
      phone: "title",
      cell: ({ name, hint }) => (
        <div className={classes.who}>
          <strong>{name}</strong>
          <span className={classes.small}>{hint}</span>
        </div>
      ),
    },
    {
      key: "scopes",
      header: t("tokens.scopes"),
      width: "minmax(0, 2fr)",
      phone: "line",
      cell: ({ scopes }) => (
        <div className={classes.wrap}>{scopes.map((scope) => t(`enums.Scope.${scope}`)).join(". ")}</div>
      ),
    },
    {
      key: "used",
      header: t("tokens.lastUsed"),
      width: "110px",
      phone: "line",
      cell: ({ lastUsedAt }) => (lastUsedAt ? <Time at={lastUsedAt} /> : t("tokens.never")),
    },
    {
      key: "until",
      header: t("tokens.ends"),
      width: "150px",
      phone: "hidden",
      cell: ({ expiresAt }) => (expiresAt ? <Time at={expiresAt} ahead /> : t("tokens.endsNever")),
    },
    {
      key: "by",
      header: t("tokens.by"),
      width: "minmax(0, 1fr)",
      phone: "hidden",
      cell: ({ createdBy }) => createdBy?.name ?? t("audit.operator"),
    },
    {
      key: "do",
      header: t("people.actions"),
      width: "100px",
      phone: "aside",
      end: true,
      cell: (token) => <Revoke workspaceId={workspaceId} token={token} />,
    },
  ];
}

function Revoke({ workspaceId, token }: { workspaceId: string; token: TokenRowFragment }) {
  const { t } = useI18n();
  const { id: tokenId, name } = token;
  const revoke = useDo(REVOKE_TOKEN, { onDone: () => tellDone(t("tokens.revoked")) });
  return (
    <RevokeButton
      title={t("tokens.revokeTitle", { name })}
      body={t("tokens.revokeBody")}
      label={t("tokens.revokeOf", { name })}
      onRevoke={() => revoke.mutate({ workspaceId, tokenId })}
      loading={revoke.isPending}
    />
  );
}
