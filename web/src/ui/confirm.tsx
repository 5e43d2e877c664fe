import { Button, Group, Modal, Text } from "@mantine/core";
import { createContext, type ReactNode, useContext, useState } from "react";
import { useI18n } from "@/i18n";

interface Question {
  title: string;
  /** What will happen, and what will not come back. */
  body: ReactNode;
  /** The verb on the button. */
  action: string;
  danger?: boolean;
}

type Ask = (question: Question) => Promise<boolean>;

const Context = createContext<Ask | null>(null);

/** `if (await confirm({ … })) act()` */
export function useConfirm(): Ask {
  const ask = useContext(Context);
  if (!ask) throw new Error("useConfirm outside ConfirmProvider");
  return ask;
}

export function ConfirmProvider({ children }: { children: ReactNode }) {
  const { t } = useI18n();
  const [opened, setOpened] = useState(false);
  const [asked, setAsked] = useState<Question & { answer: (yes: boolean) => void }>();
  const ask: Ask = (question) =>
    new Promise((answer) => {
      setAsked({ ...question, answer });
      setOpened(true);
    });
  const close = (yes: boolean) => {
    asked?.answer(yes);
    setOpened(false);
  };
  return (
    <Context value={ask}>
      {children}
      <Modal
        opened={opened}
        onClose={() => close(false)}
        title={<Text fw={620}>{asked?.title}</Text>}
        closeButtonProps={{ "aria-label": t("common.close") }}
        centered
      >
        <Text c="dimmed">{asked?.body}</Text>
        <Group justify="flex-end" mt="lg">
          <Button variant="default" onClick={() => close(false)} data-autofocus>
            {t("common.cancel")}
          </Button>
          <Button color={asked?.danger ? "red.8" : "teal"} onClick={() => close(true)}>
            {asked?.action}
          </Button>
        </Group>
      </Modal>
    </Context>
  );
}
