import { Alert } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { ApiError, Code } from "@/api/errors";
import { useI18n } from "@/i18n";

/** Why a form was not taken, and what to do. Some codes mean something particular here. */
export function Complaint({
  error,
  saying = {},
}: {
  error: ApiError | null;
  saying?: Partial<Record<Code, string>>;
}) {
  const { t } = useI18n();
  if (!error) return null;
  const refusal =
    error.refusal &&
    `${t(`enums.RefusalCode.${error.refusal}.label`)} ${t(`enums.RefusalCode.${error.refusal}.todo`)}`;
  const detail = error.code === "BAD_INPUT" && !saying.BAD_INPUT ? ` (${error.message})` : "";
  return (
    <Alert role="alert" color="red" variant="light" icon={<IconAlertTriangle size={18} />} p="sm">
      {saying[error.code] ?? refusal ?? t(`errors.${error.code}`) + detail}
    </Alert>
  );
}
