import { Button } from "@mantine/core";
import { useI18n } from "@/i18n";
import { useMaySteer } from "@/shell/may";
import { Link } from "@/ui/link";

/** The way to where a first message is built; nothing for those who may not send from there. */
export function ToTryIt({ workspaceId }: { workspaceId: string }) {
  const { t } = useI18n();
  const may = useMaySteer();
  if (!may) return null;
  return (
    <Button
      renderRoot={(props) => (
        <Link {...props} to="/w/$workspaceId/webhook" params={{ workspaceId }} search={{ tab: "try" }} />
      )}
    >
      {t("webhook.tryFirst")}
    </Button>
  );
}
