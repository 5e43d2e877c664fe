import { Button, Stack, TextInput } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { useDo } from "@/api/query";
import type { ChatRowFragment } from "@/gql/graphql";
import { useI18n } from "@/i18n";
import { Complaint } from "@/session/complaint";
import { Dialog, DialogFooter } from "@/ui/dialog";
import { tellDone } from "@/ui/toasts";
import { RENAME_CHAT } from "./documents";

/** Gives a chat a name of one's own: the one that the webhook's `chat_name` takes. */
export function Rename({ chat }: { chat: ChatRowFragment }) {
  const { t } = useI18n();
  const [opened, setOpened] = useState(false);
  const rename = useDo(RENAME_CHAT, {
    quiet: true,
    onDone: () => {
      setOpened(false);
      tellDone(t("chats.renamed"));
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    rename.mutate({ chatId: chat.id, name: String(new FormData(event.currentTarget).get("name")) });
  };
  return (
    <>
      <Button
        variant="default"
        size="xs"
        leftSection={<IconPencil size={15} aria-hidden="true" />}
        onClick={() => {
          rename.reset();
          setOpened(true);
        }}
      >
        {t("chats.rename")}
      </Button>
      <Dialog opened={opened} onClose={() => setOpened(false)} title={t("chats.renameTitle")}>
        <form onSubmit={submit}>
          <Stack gap="md">
            <TextInput
              name="name"
              label={t("chats.name")}
              description={t("chats.nameHint")}
              defaultValue={chat.name}
              maxLength={200}
              required
              withAsterisk={false}
              data-autofocus
            />
            <Complaint error={rename.error} />
            <DialogFooter
              submit={t("chats.save")}
              loading={rename.isPending}
              onCancel={() => setOpened(false)}
            />
          </Stack>
        </form>
      </Dialog>
    </>
  );
}
