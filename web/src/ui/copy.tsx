import { ActionIcon, Tooltip } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { useI18n } from "@/i18n";
import { useProblemToast } from "./toasts";

/** Copies `text`, and says so. */
export function CopyButton({ text, label }: { text: string; label?: string }) {
  const { t } = useI18n();
  const tell = useProblemToast();
  const button = useRef<HTMLButtonElement>(null);
  const [copied, setCopied] = useState(false);
  const said = copied ? t("common.copied") : (label ?? t("common.copy"));
  const onClick = async () => {
    if (!(await copy(text, button.current))) return tell(t("common.copyFailed"));
    setCopied(true);
    setTimeout(() => setCopied(false), 1_500);
  };
  return (
    <Tooltip label={said} withArrow>
      <ActionIcon
        ref={button}
        variant="subtle"
        color="gray"
        size="sm"
        aria-label={said}
        onClick={() => void onClick()}
      >
        {copied ? <IconCheck size={15} /> : <IconCopy size={15} />}
      </ActionIcon>
    </Tooltip>
  );
}

/** Whether it worked. Plain-http addresses have no clipboard API: there a field beside the button is copied from. */
async function copy(text: string, button: HTMLElement | null): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return button !== null && copyBeside(button, text);
  }
}

/** Beside it, because an open dialog keeps the keyboard from everywhere else. */
function copyBeside(button: HTMLElement, text: string): boolean {
  const area = document.createElement("textarea");
  area.value = text;
  area.readOnly = true;
  area.setAttribute("aria-hidden", "true");
  Object.assign(area.style, {
    position: "absolute",
    opacity: "0",
    width: "1px",
    height: "1px",
    padding: "0",
  });
  button.after(area);
  area.focus({ preventScroll: true });
  area.select();
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  } finally {
    area.remove();
    button.focus({ preventScroll: true });
  }
}
