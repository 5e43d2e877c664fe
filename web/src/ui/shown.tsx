import { Button, Skeleton, Stack } from "@mantine/core";
import { type Icon, IconAlertTriangle, IconCloudOff, IconMoodEmpty } from "@tabler/icons-react";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ApiError } from "@/api/errors";
import { useI18n } from "@/i18n";
import classes from "./shown.module.css";

interface StateProps {
  icon?: Icon;
  title: string;
  hint?: ReactNode;
  action?: ReactNode;
  /** Whether it is all that the page has: its title is then the page's heading. */
  whole?: boolean;
}

/** Where there is nothing to show: why, and what to do. */
export function Empty({ icon: Shown = IconMoodEmpty, title, hint, action, whole }: StateProps) {
  return (
    <div className={classes.state}>
      <span className={classes.icon}>
        <Shown size={22} stroke={1.6} aria-hidden="true" />
      </span>
      {whole ? <h1 className={classes.title}>{title}</h1> : <strong>{title}</strong>}
      {hint && <span className={classes.hint}>{hint}</span>}
      {action && <div className={classes.action}>{action}</div>}
    </div>
  );
}

/** Where reading failed. */
export function Failed({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useI18n();
  const { code } = ApiError.of(error);
  return (
    <div role="alert">
      <Empty
        icon={code === "OFFLINE" ? IconCloudOff : IconAlertTriangle}
        title={t("common.failedToRead")}
        hint={t(`errors.${code}`)}
        action={
          retry && (
            <Button variant="default" onClick={retry}>
              {t("common.retry")}
            </Button>
          )
        }
      />
    </div>
  );
}

/** The shape of what is coming, so that nothing jumps when it is there. */
export function Bones({ rows = 6, height = 44 }: { rows?: number; height?: number }) {
  const { t } = useI18n();
  return (
    <Stack gap={8} role="status" aria-label={t("common.loading")} p="md">
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all alike
        <Skeleton key={row} height={height} />
      ))}
    </Stack>
  );
}

interface ShownProps<Data> {
  query: Pick<UseQueryResult<Data, ApiError>, "data" | "error" | "refetch">;
  bones?: ReactNode;
  children: (data: Data) => ReactNode;
}

/** What was read; until then its bones, or why it could not be read. Old data stay while a re-read fails. */
export function Shown<Data>({ query, bones = <Bones />, children }: ShownProps<Data>) {
  if (query.data !== undefined) return children(query.data);
  if (query.error) return <Failed error={query.error} retry={() => void query.refetch()} />;
  return bones;
}
