import { IconCheck, IconX } from "@tabler/icons-react";
import type { ActivationOutcome } from "@/gql/graphql";
import { useI18n } from "@/i18n";
import { Badge } from "@/ui/badge";

/** Whether a call was taken. */
export function OutcomeBadge({ outcome }: { outcome: ActivationOutcome }) {
  const { t } = useI18n();
  const accepted = outcome === "ACCEPTED";
  return (
    <Badge tone={accepted ? "good" : "bad"} icon={accepted ? IconCheck : IconX}>
      {t(`enums.ActivationOutcome.${outcome}`)}
    </Badge>
  );
}
