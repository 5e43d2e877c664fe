import { Button } from "@mantine/core";
import { useEffect } from "react";
import { useI18n } from "@/i18n";
import { Link } from "./link";
import { Empty } from "./shown";

/** Where an address leads nowhere. */
export function NotFound() {
  const { t } = useI18n();
  const title = t("common.notFound");
  useEffect(() => {
    document.title = `${title} · Nhip`;
  }, [title]);
  return (
    <Empty
      whole
      title={title}
      hint={t("common.notFoundHint")}
      action={
        <Button component={Link} to="/" variant="default">
          {t("common.goHome")}
        </Button>
      }
    />
  );
}
