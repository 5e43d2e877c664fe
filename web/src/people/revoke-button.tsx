import { Button } from "@mantine/core";
import { useI18n } from "@/i18n";
import { useConfirm } from "@/ui/confirm";

interface Props {
  /** The question. */
  title: string;
  body: string;
  /** What the button is called where several stand below each other. */
  label: string;
  onRevoke: () => void;
  loading: boolean;
}

/** Takes back what was given to somebody, after a question. */
export function RevokeButton({ title, body, label, onRevoke, loading }: Props) {
  const { t } = useI18n();
  const confirm = useConfirm();
  const ask = async () => {
    if (await confirm({ title, body, action: t("people.revoke"), danger: true })) onRevoke();
  };
  return (
    <Button
      variant="default"
      size="compact-sm"
      loading={loading}
      aria-label={label}
      onClick={() => void ask()}
    >
      {t("people.revoke")}
    </Button>
  );
}
