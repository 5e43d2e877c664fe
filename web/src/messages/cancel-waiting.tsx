import { Button } from "@mantine/core";
import { IconCircleX } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ask } from "@/api/ask";
import type { ApiError } from "@/api/errors";
import { useI18n } from "@/i18n";
import { useConfirm } from "@/ui/confirm";
import { tellDone, useFailureToast } from "@/ui/toasts";
import { ACCOUNT_WAITING, CANCEL_WAITING, WAITING } from "./documents";

/** The server cancels at most so many a call. */
const MOST = 1_000;

interface Props {
  workspaceId: string;
  /** Whose queue; without it, all that wait in the workspace. */
  accountId?: string;
}

interface Canceled {
  count: number;
  credits: number;
}

/** Cancels all that wait, after a question that says how many they are and what comes back. */
export function CancelWaiting({ workspaceId, accountId }: Props) {
  const { t } = useI18n();
  const confirm = useConfirm();
  const tell = useFailureToast();
  const client = useQueryClient();
  const [done, setDone] = useState<Canceled>();
  const which = accountId ? { accountId } : { allQueued: true };
  const cancel = useMutation<void, ApiError>({
    mutationFn: async () => {
      const waiting = await read();
      if (!waiting || waiting.queued === 0) return tellDone(t("messages.tooLate"));
      const credits = t("common.credits", { count: waiting.queuedCredits });
      const yes = await confirm({
        title: t("messages.cancelWaitingTitle", { count: waiting.queued }),
        body: t("messages.cancelWaitingCredits", { credits }),
        action: t("messages.cancelThem"),
        keep: t("messages.keepThem"),
        danger: true,
      });
      if (yes) await cancelAll();
    },
    onError: (err) => tell(err),
    onSettled: () => {
      setDone(undefined);
      return client.invalidateQueries();
    },
  });
  return (
    <Button
      variant="default"
      size="xs"
      leftSection={<IconCircleX size={15} aria-hidden="true" />}
      disabled={cancel.isPending}
      aria-live="polite"
      onClick={() => cancel.mutate()}
    >
      {done ? t("messages.cancelingWaiting", { count: done.count }) : t("messages.cancelWaiting")}
    </Button>
  );

  async function read(): Promise<{ queued: number; queuedCredits: number } | null | undefined> {
    return accountId
      ? (await ask(ACCOUNT_WAITING, { workspaceId, accountId })).workspace?.account
      : (await ask(WAITING, { workspaceId })).workspace?.queue;
  }

  /** Says after each call how far it is; what was canceled stays canceled, whatever comes after it. */
  async function cancelAll(): Promise<void> {
    const all = { count: 0, credits: 0 };
    try {
      for (let last = MOST; last >= MOST; ) {
        const { cancelMessages } = await ask(CANCEL_WAITING, { workspaceId, which });
        last = cancelMessages.count;
        all.count += last;
        all.credits += cancelMessages.creditsRestored;
        setDone({ ...all });
      }
    } finally {
      if (all.count > 0) {
        const credits = t("common.credits", { count: all.credits });
        tellDone(t("messages.canceledWaiting", { count: all.count, credits }));
      }
    }
  }
}
