import { Select } from "@mantine/core";
import { useAsk } from "@/api/query";
import { useI18n } from "@/i18n";
import { ACCOUNT_CHOICES } from "./documents";

interface Props {
  workspaceId: string;
  account: string | undefined;
  onChange: (account: string | undefined) => void;
}

/** Accounts to choose from, by name. */
function choicesOf(
  accounts: { nodes: { id: string; name: string | null; phone: string | null }[] } | undefined,
) {
  return (accounts?.nodes ?? []).map(({ id, name, phone }) => ({ value: id, label: name ?? phone ?? id }));
}

/** One of the workspace's accounts, or any; those that are disconnected keep their messages. */
export function AccountFilter({ workspaceId, account, onChange }: Props) {
  const { t } = useI18n();
  const { accounts, removed } = useAsk(ACCOUNT_CHOICES, { workspaceId }).data?.workspace ?? {};
  const choices = [
    { group: t("messages.connectedOnes"), items: choicesOf(accounts) },
    { group: t("enums.AccountState.REMOVED"), items: choicesOf(removed) },
  ];
  return (
    <Select
      aria-label={t("messages.account")}
      placeholder={t("messages.anyAccount")}
      data={removed?.nodes.length ? choices : choicesOf(accounts)}
      value={account ?? null}
      onChange={(chosen) => onChange(chosen ?? undefined)}
      clearable
    />
  );
}
