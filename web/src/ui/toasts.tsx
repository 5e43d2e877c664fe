import { notifications } from "@mantine/notifications";
import { IconAlertTriangle, IconCheck } from "@tabler/icons-react";
import type { ApiError } from "@/api/errors";
import { useI18n } from "@/i18n";

/** Says that something worked. */
export function tellDone(message: string): void {
  notifications.show({ message, color: "teal", icon: <IconCheck size={16} />, withBorder: true });
}

/** Says what did not work, and what to do. */
export function useFailureToast(): (err: ApiError) => void {
  const { t } = useI18n();
  return (err) =>
    notifications.show({
      title: t("common.failed"),
      message:
        err.code === "BAD_INPUT" ? `${t("errors.BAD_INPUT")} (${err.message})` : t(`errors.${err.code}`),
      color: "red",
      icon: <IconAlertTriangle size={16} />,
      withBorder: true,
      autoClose: 10_000,
    });
}
