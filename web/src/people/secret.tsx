import { Button, Stack, Text } from "@mantine/core";
import { useI18n } from "@/i18n";
import { CopyButton } from "@/ui/copy";
import { Dialog } from "@/ui/dialog";
import classes from "./layout.module.css";

export interface Told {
  title: string;
  hint: string;
  secret: string;
}

/** Something that is shown once. It lives here alone, never in the cache. */
export function SecretModal({ told, onClose }: { told: Told | null; onClose: () => void }) {
  const { t } = useI18n();
  return (
    <Dialog
      opened={told !== null}
      onClose={onClose}
      title={told?.title}
      closeOnClickOutside={false}
      size="lg"
    >
      {told && (
        <Stack gap="md">
          <Text>{told.hint}</Text>
          <Secret text={told.secret} />
          <Button onClick={onClose} ml="auto">
            {t("common.done")}
          </Button>
        </Stack>
      )}
    </Dialog>
  );
}

function Secret({ text }: { text: string }) {
  return (
    <div className={classes.secret}>
      <span data-secret>{text}</span>
      <CopyButton text={text} />
    </div>
  );
}
