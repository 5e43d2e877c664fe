import { Button, Menu, MultiSelect } from "@mantine/core";
import {
  IconArrowBackUp,
  IconDownload,
  IconGift,
  IconReceipt,
  IconReceiptRefund,
  IconSend,
} from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { ask } from "@/api/ask";
import { useAskMore } from "@/api/query";
import type { CreditKind, LedgerRowFragment, TextFormat } from "@/gql/graphql";
import { useI18n } from "@/i18n";
import { Badge } from "@/ui/badge";
import { DayFields, span } from "@/ui/days";
import { EndlessTable } from "@/ui/endless";
import { ClearFilters, FilterBar, NothingFits } from "@/ui/filters";
import { Fresh } from "@/ui/fresh";
import { Link } from "@/ui/link";
import { Panel } from "@/ui/page";
import { save } from "@/ui/save";
import { Empty } from "@/ui/shown";
import type { Column } from "@/ui/table";
import { Time } from "@/ui/time";
import { useFailureToast } from "@/ui/toasts";
import { EXPORT_LEDGER, LEDGER } from "./documents";
import { type CreditFilters, KINDS } from "./filters";
import type { Props } from "./page";
import classes from "./page.module.css";

/** Every movement of credits, newest first. */
export function Ledger(props: Props) {
  const { t } = useI18n();
  const { workspaceId, filters } = props;
  const columns = useColumns(workspaceId);
  const list = useAskMore(
    LEDGER,
    { workspaceId, kinds: filters.kind, ...span(filters) },
    (data) => data.workspace?.credits.entries,
  );
  return (
    <Panel title={t("credits.ledger")} flush>
      <Filters {...props} total={list.total} />
      <Fresh list={list}>{t("credits.fresh", { count: list.fresh })}</Fresh>
      <EndlessTable
        label={t("credits.ledger")}
        columns={columns}
        list={list}
        nothing={
          isFiltered(filters) ? (
            <NothingFits hint={t("credits.noneHint")} onClear={() => props.onFilter(NO_FILTERS)} />
          ) : (
            <Empty icon={IconReceipt} title={t("credits.emptyTitle")} hint={t("credits.emptyHint")} />
          )
        }
      />
    </Panel>
  );
}

const LOOKS = {
  GRANT: { tone: "good", icon: IconGift },
  CHARGE: { tone: "quiet", icon: IconSend },
  RESTORE: { tone: "busy", icon: IconReceiptRefund },
  ADJUST: { tone: "warn", icon: IconArrowBackUp },
} as const;

function useColumns(workspaceId: string): Column<LedgerRowFragment>[] {
  const { t, format } = useI18n();
  return [
    {
      key: "kind",
      header: t("credits.kind"),
      width: "130px",
      phone: "title",
      cell: ({ kind }) => <Badge {...LOOKS[kind]}>{t(`enums.CreditKind.${kind}`)}</Badge>,
    },
    {
      key: "for",
      header: t("credits.for"),
      width: "minmax(0, 2fr)",
      phone: "line",
      cell: (entry) => <For workspaceId={workspaceId} entry={entry} />,
    },
    {
      key: "when",
      header: t("credits.when"),
      width: "130px",
      phone: "line",
      cell: ({ at }) => <Time at={at} />,
    },
    {
      key: "amount",
      header: t("credits.amount"),
      width: "90px",
      phone: "aside",
      end: true,
      cell: ({ amount }) => (
        <span className={amount > 0 ? classes.plus : classes.minus}>{format.signed(amount)}</span>
      ),
    },
    {
      key: "balance",
      header: t("credits.balanceAfter"),
      width: "120px",
      phone: "hidden",
      end: true,
      cell: ({ balanceAfter }) => format.number(balanceAfter),
    },
  ];
}

/** What credits moved for: a message, its failure, or what somebody wrote beside a grant. */
function For({ workspaceId, entry }: { workspaceId: string; entry: LedgerRowFragment }) {
  const { t } = useI18n();
  const { messageId, failure, reason, kind } = entry;
  if (!messageId) return reason;
  const why = failure
    ? t(`enums.FailureReason.${failure}.label`)
    : t(kind === "RESTORE" ? "credits.forCanceled" : "credits.forMessage");
  return (
    <>
      <Link to="/w/$workspaceId/messages/$messageId" params={{ workspaceId, messageId }} data-row-link>
        {why}
      </Link>{" "}
      <span className={classes.messageId}>{messageId.split(":").at(-1)}</span>
    </>
  );
}

const NO_FILTERS = { kind: undefined, from: undefined, to: undefined };

function isFiltered({ kind, from, to }: CreditFilters): boolean {
  return [kind, from, to].some((value) => value !== undefined);
}

function Filters({ workspaceId, filters, onFilter, total }: Props & { total: number | undefined }) {
  const { t } = useI18n();
  return (
    <FilterBar count={total !== undefined && t("credits.found", { count: total })}>
      <MultiSelect
        aria-label={t("credits.kind")}
        placeholder={filters.kind ? undefined : t("credits.anyKind")}
        data={KINDS.map((value) => ({ value, label: t(`enums.CreditKind.${value}`) }))}
        value={filters.kind ?? []}
        onChange={(kind) => onFilter({ kind: kind.length > 0 ? (kind as CreditKind[]) : undefined })}
      />
      <DayFields days={filters} onChange={onFilter} />
      {isFiltered(filters) && <ClearFilters onClear={() => onFilter(NO_FILTERS)} />}
      <Download workspaceId={workspaceId} filters={filters} />
    </FilterBar>
  );
}

const FORMATS = ["CSV", "JSON", "TEXT"] as const satisfies TextFormat[];

function Download({ workspaceId, filters }: Pick<Props, "workspaceId" | "filters">) {
  const { t } = useI18n();
  const tell = useFailureToast();
  const download = useMutation({
    mutationFn: (format: TextFormat) => ask(EXPORT_LEDGER, { workspaceId, format, ...span(filters) }),
    onSuccess: ({ workspace }) => workspace && save(workspace.credits.export),
    onError: (err) => tell(err),
  });
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <Button
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden="true" />}
          loading={download.isPending}
        >
          {t("credits.download")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label maw={240}>{t("credits.downloadHint")}</Menu.Label>
        {FORMATS.map((format) => (
          <Menu.Item key={format} onClick={() => download.mutate(format)}>
            {t(`enums.TextFormat.${format}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
