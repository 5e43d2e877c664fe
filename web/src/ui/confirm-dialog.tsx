import { Button, Group, Text } from "@mantine/core";
import { useI18n } from "@/i18n";
import { Dialog } from "@/ui/dialog";
import type { Question } from "./confirm";

interface Props {
  asked: Question;
  opened: boolean;
  onAnswer: (yes: boolean) => void;
}

/** The question itself. It comes with the page: asking must not fail where something was upgraded or lost. */
export function ConfirmDialog({ asked, opened, onAnswer }: Props) {
  const { t } = useI18n();
  return (
    <Dialog opened={opened} onClose={() => onAnswer(false)} title={asked.title}>
      <Text c="dimmed">{asked.body}</Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={() => onAnswer(false)} data-autofocus>
          {asked.keep ?? t("common.cancel")}
        </Button>
        <Button color={asked.danger ? "red.8" : "teal"} onClick={() => onAnswer(true)}>
          {asked.action}
        </Button>
      </Group>
    </Dialog>
  );
}
