import { Box, Tooltip } from "@mantine/core";
import { IconStarFilled } from "@tabler/icons-react";
import { useI18n } from "@/i18n";
import { Badge } from "@/ui/badge";

/** Marks the account that sends what names none. */
export function DefaultBadge() {
  const { t } = useI18n();
  return (
    <Tooltip label={t("accounts.defaultHint")} multiline w={280} withArrow>
      <Box component="span" display="inline-flex">
        <Badge tone="busy" icon={IconStarFilled}>
          {t("accounts.isDefault")}
        </Badge>
      </Box>
    </Tooltip>
  );
}
