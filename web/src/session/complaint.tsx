import { Alert } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { ApiError, type Code, type Refusal } from "@/api/errors";
import { type Translate, useI18n } from "@/i18n";

/** Why a form was not taken, and what to do. Some codes mean something particular here. */
export function Complaint({
  error,
  saying = {},
}: {
  error: ApiError | null;
  saying?: Partial<Record<Code, ReactNode>>;
}) {
  const { t } = useI18n();
  if (!error) return null;
  // What the browser throws is none of ours, whatever its type says.
  const { code, message, refusal } = ApiError.of(error);
  const told = refusal ? refused(refusal, t) : t(`errors.${code}`);
  // The server's own sentence names the field, which no sentence of ours can.
  const detail = code === "BAD_INPUT" ? ` (${message})` : "";
  return (
    <Alert role="alert" color="red" variant="light" icon={<IconAlertTriangle size={18} />} p="sm">
      {saying[code] ?? told + detail}
    </Alert>
  );
}

/** What the webhook would have said no for too, and what to do. */
function refused(refusal: Refusal, t: Translate): string {
  return `${t(`enums.RefusalCode.${refusal}.label`)} ${t(`enums.RefusalCode.${refusal}.todo`)}`;
}
