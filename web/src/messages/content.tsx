import { useI18n } from "@/i18n";

interface Props {
  message: { text: string; textErased: boolean; fileName?: string | null; fileUrl?: string | null };
}

/** What a message says: its text, else its file's name, else that neither is kept any more. */
export function Content({ message: { text, textErased, fileName, fileUrl } }: Props) {
  const { t } = useI18n();
  if (textErased) return t("messages.erased");
  return text || t("messages.fileOnly", { name: fileName ?? fileUrl ?? "" });
}
