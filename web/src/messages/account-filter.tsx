import { Select } from "@mantine/core";
import { useAsk } from "@/api/query";
import { useI18n } from "@/i18n";
import { ACCOUNT_CHOICES } from "./documents";

interface Props {
  workspaceId: string;
  account: string | undefined;
  onChange: (account: string | undefined) => void;
}

/** One of the workspace's accounts, or any. */
export function AccountFilter({ workspaceId, account, onChange }: Props) {
  const { t } = useI18n();
  const accounts = useAsk(ACCOUNT_CHOICES, { workspaceId }).data?.workspace?.accounts.nodes ?? [];
  return (
    <Select
      aria-label={t("messages.account")}
      placeholder={t("messages.anyAccount")}
      data={accounts.map(({ id, name, phone }) => ({ value: id, label: name ?? phone ?? id }))}
      value={account ?? null}
      onChange={(chosen) => onChange(chosen ?? undefined)}
      clearable
    />
  );
}
