import { CloseButton, Drawer } from "@mantine/core";
import { useI18n } from "@/i18n";
import { useBackCloses } from "@/ui/back";
import { useKeyboardBack } from "@/ui/keyboard";
import { Menu } from "./menu";
import classes from "./shell.module.css";

/** The menu on a phone; loaded when it is first opened. */
export default function MenuDrawer({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useI18n();
  useKeyboardBack(opened);
  useBackCloses(opened, onClose);
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      returnFocus={false}
      size={280}
      padding={0}
      withCloseButton={false}
      attributes={{ content: { "aria-label": t("common.navigation") } }}
      styles={{ body: { height: "100%" } }}
    >
      <CloseButton className={classes.close} aria-label={t("common.closeMenu")} onClick={onClose} />
      <Menu />
    </Drawer>
  );
}
