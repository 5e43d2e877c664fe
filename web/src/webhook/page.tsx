import { Anchor, Tabs } from "@mantine/core";
import { IconBook2, IconFileSearch, IconListDetails, IconPlayerPlay } from "@tabler/icons-react";
import { useLive, useThrottled } from "@/api/live";
import { useAsk, useReread } from "@/api/query";
import { useI18n } from "@/i18n";
import { useMaySteer } from "@/shell/may";
import { lazyWithRetry } from "@/ui/lazy";
import { Page } from "@/ui/page";
import { Bones, Shown } from "@/ui/shown";
import tabs from "@/ui/tabs.module.css";
import { Connection } from "./connection";
import { CALLED, WEBHOOK, WEBHOOK_CHANGED } from "./documents";
import { Log } from "./log";
import classes from "./page.module.css";
import { TABS, type Tab, type WebhookSearch } from "./search";
import { type SecretUrl, useSecretUrl } from "./secret";
import { useTried } from "./tried";

const TryIt = lazyWithRetry(() => import("./try-it"), <Bones />);
const CheckLink = lazyWithRetry(() => import("./check-link"), <Bones rows={3} />);

const ICONS = { log: IconListDetails, try: IconPlayerPlay, file: IconFileSearch };
const LABELS = { log: "webhook.tabLog", try: "webhook.tabTry", file: "webhook.tabFile" } as const;

/** However often it is called, that is read at most this often, in milliseconds. */
const CALM = 500;

interface Props {
  workspaceId: string;
  search: WebhookSearch;
  onSearch: (change: WebhookSearch) => void;
}

/** Integrations / Incoming webhook. */
export function WebhookPage({ workspaceId, search, onSearch }: Props) {
  const { t } = useI18n();
  const query = useAsk(WEBHOOK, { workspaceId });
  const hint = query.data?.workspace?.incomingWebhook.urlHint;
  const hasUrl = hint !== null;
  const secret = useSecretUrl(workspaceId, { hint, readAt: query.dataUpdatedAt });
  const reread = useThrottled(useReread(WEBHOOK, { workspaceId }), CALM);
  useLive(WEBHOOK_CHANGED, { workspaceId }, reread);
  useLive(CALLED, { workspaceId }, reread);
  return (
    <Page
      title={t("webhook.title")}
      hint={t("webhook.hint")}
      actions={<Reference secret={secret} hasUrl={hasUrl} chat={query.data?.workspace?.chats.nodes[0]?.id} />}
    >
      <div className={classes.stack}>
        <Shown query={query} bones={<Bones rows={3} />}>
          {({ workspace }) =>
            workspace && (
              <Connection
                compact={search.tab !== undefined}
                workspaceId={workspaceId}
                webhook={workspace.incomingWebhook}
                secret={secret}
              />
            )
          }
        </Shown>
        <Parts key={workspaceId} {...{ workspaceId, search, onSearch, secret }} />
      </div>
    </Page>
  );
}

function Parts({ workspaceId, search, onSearch, secret }: Props & { secret: SecretUrl }) {
  const { t } = useI18n();
  const [tried, keep] = useTried(workspaceId);
  const { draft } = tried;
  const go = (tab: Tab) => onSearch({ tab: tab === "log" ? undefined : tab });
  return (
    <Tabs value={search.tab ?? "log"} onChange={(tab) => go(tab as Tab)} keepMounted={false} unstyled>
      <Tabs.List aria-label={t("webhook.tabs")} className={tabs.list}>
        {TABS.map((tab) => {
          const Icon = ICONS[tab];
          return (
            <Tabs.Tab key={tab} value={tab} leftSection={<Icon size={16} aria-hidden="true" />}>
              {t(LABELS[tab])}
            </Tabs.Tab>
          );
        })}
      </Tabs.List>
      <Tabs.Panel value="log" pt="md">
        <Log {...{ workspaceId, search, onSearch }} onTry={() => go("try")} />
      </Tabs.Panel>
      <Tabs.Panel value="try" pt="md">
        <TryIt
          {...{ workspaceId, secret, tried }}
          onAnswered={(answered) => keep({ answered })}
          onDraft={(change) => keep({ draft: { ...draft, ...change } })}
        />
      </Tabs.Panel>
      <Tabs.Panel value="file" pt="md">
        <CheckLink
          workspaceId={workspaceId}
          onUse={(fileUrl, fileName) => {
            keep({ draft: { ...draft, withFile: true, fileUrl, fileName } });
            go("try");
          }}
        />
      </Tabs.Panel>
    </Tabs>
  );
}

interface ReferenceProps {
  secret: SecretUrl;
  hasUrl: boolean;
  chat: string | undefined;
}

/** The reference page fills its examples with what the fragment carries, which no server sees. */
function Reference({ secret, hasUrl, chat }: ReferenceProps) {
  const { t, locale } = useI18n();
  const may = useMaySteer();
  const to = (url: string | undefined) => {
    const given = new URLSearchParams({ ...(url && { url }), ...(chat && { chat }) });
    return `/docs?lang=${locale}${given.size > 0 ? `#${given}` : ""}`;
  };
  const open = async (event: React.MouseEvent) => {
    if (secret.url || !may || !hasUrl) return;
    event.preventDefault();
    // Opened within the click, or the browser takes it for a pop-up.
    const tab = window.open("", "_blank");
    const url = await secret.use();
    if (tab) tab.location.href = to(url);
  };
  return (
    <Anchor href={to(secret.url)} target="_blank" className={classes.reference} onClick={(e) => void open(e)}>
      <IconBook2 size={16} aria-hidden="true" /> {t("webhook.reference")}
    </Anchor>
  );
}
