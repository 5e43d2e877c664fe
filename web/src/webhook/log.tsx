import { Button, Menu, SegmentedControl } from "@mantine/core";
import { IconDownload, IconFilterOff, IconPlayerPlay, IconWebhook } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { type RefObject, useRef, useState } from "react";
import { ask } from "@/api/ask";
import { ApiError } from "@/api/errors";
import { useLive, useThrottled } from "@/api/live";
import { keyOf, useAsk } from "@/api/query";
import type { ActivationOutcome, ActivationRowFragment, ActivationsQuery, TextFormat } from "@/gql/graphql";
import { useI18n } from "@/i18n";
import { useMaySteer } from "@/shell/may";
import { Panel } from "@/ui/page";
import { save } from "@/ui/save";
import { Bones, Empty, Shown } from "@/ui/shown";
import { useFailureToast } from "@/ui/toasts";
import { ActivationItem } from "./activation";
import { ACTIVATION_LOGGED, ACTIVATIONS, LOG } from "./documents";
import classes from "./log.module.css";
import type { WebhookSearch } from "./search";

/** The server keeps so many. */
const KEPT = 100;
/** A burst of calls is drawn at most this often, in milliseconds. */
const CALM = 300;
const FORMATS: TextFormat[] = ["TEXT", "JSON", "CSV"];

interface Props {
  workspaceId: string;
  search: WebhookSearch;
  onSearch: (change: WebhookSearch) => void;
  onTry: () => void;
}

/** The last calls of the webhook, live. */
export function Log({ workspaceId, search, onSearch, onTry }: Props) {
  const { t } = useI18n();
  const { outcome, call } = search;
  const query = useActivations(workspaceId, outcome);
  const wanted = useRef(call);
  return (
    <Panel flush>
      <Head workspaceId={workspaceId} outcome={outcome} onOutcome={(outcome) => onSearch({ outcome })} />
      <Shown query={query} bones={<Bones rows={8} />}>
        {({ workspace }) => {
          const activations = workspace?.incomingWebhook.activations ?? [];
          const isGone = call && !query.isFetching && !activations.some(({ id }) => id === call);
          return (
            <>
              <div role="status">
                {isGone && (
                  <p className={classes.gone}>{t(outcome ? "webhook.callFiltered" : "webhook.callGone")}</p>
                )}
              </div>
              {activations.length > 0 ? (
                <List
                  workspaceId={workspaceId}
                  activations={activations}
                  opened={call}
                  onOpen={(call) => onSearch({ call })}
                  wanted={wanted}
                />
              ) : (
                <Nothing
                  filtered={Boolean(outcome)}
                  onClear={() => onSearch({ outcome: undefined })}
                  onTry={onTry}
                />
              )}
            </>
          );
        }}
      </Shown>
    </Panel>
  );
}

/** Calls are put in front as they come, without reading the whole log again. */
function useActivations(workspaceId: string, outcome: ActivationOutcome | undefined) {
  const variables = { workspaceId, outcome };
  const query = useAsk(ACTIVATIONS, variables);
  const queries = useQueryClient();
  const arrived = useRef<ActivationRowFragment[]>([]);
  const draw = useThrottled(() => {
    const fresh = arrived.current.splice(0);
    queries.setQueryData(
      keyOf(ACTIVATIONS, variables),
      (data?: ActivationsQuery) => data && withFresh(data, fresh),
    );
  }, CALM);
  useLive(ACTIVATION_LOGGED, { workspaceId }, ({ activationLogged }) => {
    if (outcome && activationLogged.outcome !== outcome) return;
    arrived.current.push(activationLogged);
    draw();
  });
  return query;
}

function withFresh(data: ActivationsQuery, fresh: ActivationRowFragment[]): ActivationsQuery {
  if (!data.workspace) return data;
  const { incomingWebhook } = data.workspace;
  const known = new Set(fresh.map(({ id }) => id));
  const activations = [...fresh, ...incomingWebhook.activations.filter(({ id }) => !known.has(id))]
    .sort((a, b) => b.sequence - a.sequence)
    .slice(0, KEPT);
  return { ...data, workspace: { ...data.workspace, incomingWebhook: { ...incomingWebhook, activations } } };
}

interface ListProps {
  workspaceId: string;
  activations: ActivationRowFragment[];
  opened: string | undefined;
  onOpen: (id: string | undefined) => void;
  wanted: RefObject<string | undefined>;
}

function List({ workspaceId, activations, opened, onOpen, wanted }: ListProps) {
  const { t } = useI18n();
  return (
    <ul className={classes.list} aria-label={t("webhook.tabLog")}>
      {activations.map((activation) => (
        <ActivationItem
          key={activation.id}
          workspaceId={workspaceId}
          activation={activation}
          opened={opened === activation.id}
          wanted={wanted}
          onToggle={() => onOpen(opened === activation.id ? undefined : activation.id)}
        />
      ))}
    </ul>
  );
}

function Head({
  workspaceId,
  outcome,
  onOutcome,
}: {
  workspaceId: string;
  outcome: ActivationOutcome | undefined;
  onOutcome: (outcome: ActivationOutcome | undefined) => void;
}) {
  const { t } = useI18n();
  return (
    <div className={classes.head}>
      <SegmentedControl
        aria-label={t("webhook.outcome")}
        size="xs"
        value={outcome ?? ""}
        onChange={(value) => onOutcome((value || undefined) as ActivationOutcome | undefined)}
        data={[
          { value: "", label: t("webhook.anyOutcome") },
          { value: "ACCEPTED", label: t("webhook.accepted") },
          { value: "REFUSED", label: t("webhook.refused") },
        ]}
      />
      <span className={classes.hint}>{t("webhook.logHint")}</span>
      <Download workspaceId={workspaceId} />
    </div>
  );
}

function Download({ workspaceId }: { workspaceId: string }) {
  const { t } = useI18n();
  const tell = useFailureToast();
  const [busy, setBusy] = useState(false);
  const download = async (format: TextFormat) => {
    setBusy(true);
    try {
      const { workspace } = await ask(LOG, { workspaceId, format });
      if (workspace) save(workspace.incomingWebhook.log);
    } catch (err) {
      tell(ApiError.of(err));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <Button variant="default" size="xs" loading={busy} leftSection={<IconDownload size={15} />}>
          {t("webhook.download")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {FORMATS.map((format) => (
          <Menu.Item key={format} onClick={() => void download(format)}>
            {t(`webhook.as${format}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

function Nothing({
  filtered,
  onClear,
  onTry,
}: {
  filtered: boolean;
  onClear: () => void;
  onTry: () => void;
}) {
  const { t } = useI18n();
  const may = useMaySteer();
  return filtered ? (
    <Empty
      icon={IconFilterOff}
      title={t("webhook.logNoneTitle")}
      hint={t("webhook.logNoneHint")}
      action={
        <Button variant="default" onClick={onClear}>
          {t("common.clear")}
        </Button>
      }
    />
  ) : (
    <Empty
      icon={IconWebhook}
      title={t("webhook.logEmptyTitle")}
      hint={t("webhook.logEmptyHint")}
      action={
        may && (
          <Button leftSection={<IconPlayerPlay size={16} />} onClick={onTry}>
            {t("webhook.tryFirst")}
          </Button>
        )
      }
    />
  );
}
