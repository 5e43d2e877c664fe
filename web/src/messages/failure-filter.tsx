import { Select } from "@mantine/core";
import type { FailureReason } from "@/gql/graphql";
import { useI18n } from "@/i18n";
import { FAILURES } from "./filters";

/** How high the list of reasons is, in pixels; its scroll bar says that there is more. */
const MENU = 268;

interface Props {
  failure: FailureReason[] | undefined;
  onChange: (failure: FailureReason[] | undefined) => void;
}

/** One of the reasons for which messages fail, or any. */
export function FailureFilter({ failure, onChange }: Props) {
  const { t } = useI18n();
  return (
    <Select
      aria-label={t("messages.reason")}
      placeholder={t("messages.anyReason")}
      data={FAILURES.map((value) => ({ value, label: t(`enums.FailureReason.${value}.label`) }))}
      value={failure?.[0] ?? null}
      onChange={(chosen) => onChange(chosen ? [chosen as FailureReason] : undefined)}
      comboboxProps={{ width: "min(340px, calc(100vw - 64px))", position: "bottom-start" }}
      maxDropdownHeight={MENU}
      scrollAreaProps={{ type: "always" }}
      searchable
      clearable
    />
  );
}
