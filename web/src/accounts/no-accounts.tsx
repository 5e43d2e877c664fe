import { IconBrandWhatsapp } from "@tabler/icons-react";
import { useI18n } from "@/i18n";
import { useMaySteer } from "@/shell/may";
import { Empty } from "@/ui/shown";
import { ConnectButton } from "./connect-button";

/** Where a workspace has no account yet: whoever may connect one does so here. */
export function NoAccounts({ workspaceId }: { workspaceId: string }) {
  const { t } = useI18n();
  const may = useMaySteer();
  return (
    <Empty
      icon={IconBrandWhatsapp}
      title={t("accounts.emptyTitle")}
      hint={t(may ? "accounts.emptyHint" : "accounts.emptyMember")}
      action={<ConnectButton workspaceId={workspaceId} label={t("accounts.connectFirst")} />}
    />
  );
}
