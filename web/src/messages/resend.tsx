import { Button } from "@mantine/core";
import { IconRepeat } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useDo } from "@/api/query";
import type { FailureReason } from "@/gql/graphql";
import { useI18n } from "@/i18n";
import { useConfirm } from "@/ui/confirm";
import { tellDone } from "@/ui/toasts";
import { RESEND } from "./documents";

interface Props {
  workspaceId: string;
  id: string;
  failure?: FailureReason | null;
  /** In a conversation: small, and one stays where one is. */
  compact?: boolean;
}

/** Sends a failed message, whose text is still kept, once more: as a new one, which it shows. */
export function Resend({ workspaceId, id, failure, compact = false }: Props) {
  const { t } = useI18n();
  const navigate = useNavigate();
  const confirm = useConfirm();
  const resend = useDo(RESEND, {
    onDone: ({ resendMessage }) => {
      tellDone(t("messages.sentAgain", { credits: t("common.credits", { count: resendMessage.credits }) }));
      if (compact) return;
      const params = { workspaceId, messageId: resendMessage.id };
      void navigate({ to: "/w/$workspaceId/messages/$messageId", params });
    },
  });
  const ask = async () => {
    // It may have arrived after all.
    const sure =
      failure !== "UNCONFIRMED" ||
      (await confirm({
        title: t("messages.sendTwiceTitle"),
        body: t("enums.FailureReason.UNCONFIRMED.todo"),
        action: t("messages.sendAgain"),
      }));
    if (sure) resend.mutate({ id });
  };
  return (
    <Button
      variant={compact ? "subtle" : "default"}
      size={compact ? "compact-xs" : "xs"}
      leftSection={<IconRepeat size={14} aria-hidden="true" />}
      loading={resend.isPending}
      onClick={() => void ask()}
    >
      {t("messages.sendAgain")}
    </Button>
  );
}
