import { Button, type ButtonProps, Group, Modal, type ModalProps } from "@mantine/core";
import { useI18n } from "@/i18n";
import { useBackCloses } from "./back";
import classes from "./dialog.module.css";
import { useKeyboardBack } from "./keyboard";

/** A dialog in the middle of the window, with a title and a way out. */
export function Dialog(props: ModalProps) {
  const { t } = useI18n();
  useKeyboardBack(props.opened);
  useBackCloses(props.opened, props.onClose);
  return (
    <Modal closeButtonProps={{ "aria-label": t("common.close") }} centered returnFocus={false} {...props} />
  );
}

interface FooterProps extends Pick<ButtonProps, "color" | "disabled" | "loading"> {
  /** What the form's button says. */
  submit: string;
  onCancel: () => void;
}

/** The end of a form in a dialog: out, or on. */
export function DialogFooter({ submit, onCancel, ...button }: FooterProps) {
  const { t } = useI18n();
  return (
    <Group justify="flex-end" className={classes.footer}>
      <Button variant="default" onClick={onCancel}>
        {t("common.cancel")}
      </Button>
      <Button type="submit" {...button}>
        {submit}
      </Button>
    </Group>
  );
}
