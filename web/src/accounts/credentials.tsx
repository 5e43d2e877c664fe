import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import type { FormEvent } from "react";
import { useDo } from "@/api/query";
import { useI18n } from "@/i18n";
import { Complaint } from "@/session/complaint";
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
    <Modal
      opened={opened}
      onClose={onClose}
      size="lg"
      title={<Text fw={620}>{t("accounts.credentials")}</Text>}
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      <Form accountId={accountId} onClose={onClose} />
    </Modal>
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
        <CloudApiFields error={error} />
        <Complaint
          error={error}
          saying={isFieldOf(error) ? { BAD_INPUT: t("accounts.seeField") } : undefined}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t("common.cancel")}
          </Button>
          <Button type="submit" loading={update.isPending}>
            {t("accounts.credentialsSave")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
