import { Anchor } from "@mantine/core";
import { useI18n } from "@/i18n";
import { Link } from "@/ui/link";

/** Below what leads nowhere else. */
export function BackToLogin() {
  const { t } = useI18n();
  return (
    <Anchor component={Link} to="/login" underline="always">
      {t("login.backToLogin")}
    </Anchor>
  );
}
