import { Stack, Text } from "@mantine/core";
import type { FormEvent } from "react";
import { useDo } from "@/api/query";
import { useI18n } from "@/i18n";
import { Complaint } from "@/session/complaint";
import { Dialog, DialogFooter } from "@/ui/dialog";
import { tellDone } from "@/ui/toasts";
import { CloudApiFields, cloudApiIn, isFieldOf } from "./cloud-api";
import { UPDATE_CREDENTIALS } from "./documents";

interface Props {
  accountId: string;
  opened: boolean;
  onClose: () => void;
}

/** Other credentials, as after a token that ran out: Meta is asked before they replace the old ones. */
export default function CredentialsDialog({ accountId, opened, onClose }: Props) {
  const { t } = useI18n();
  return (
    <Dialog opened={opened} onClose={onClose} size="lg" title={t("accounts.credentials")}>
      <Form accountId={accountId} onClose={onClose} />
    </Dialog>
  );
}

function Form({ accountId, onClose }: Omit<Props, "opened">) {
  const { t } = useI18n();
  const update = useDo(UPDATE_CREDENTIALS, {
    quiet: true,
    onDone: () => {
      onClose();
      tellDone(t("accounts.credentialsSaved"));
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    update.mutate({ id: accountId, cloudApi: cloudApiIn(new FormData(event.currentTarget)) });
  };
  const { error } = update;
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Text>{t("accounts.credentialsHint")}</Text>
        <CloudApiFields error={error} again />
        <Complaint
          error={error}
          saying={{
            CONFLICT: t("accounts.takenAtMeta"),
            ...(isFieldOf(error) && { BAD_INPUT: t("accounts.seeField") }),
          }}
        />
        <DialogFooter submit={t("accounts.credentialsSave")} loading={update.isPending} onCancel={onClose} />
      </Stack>
    </form>
  );
}
