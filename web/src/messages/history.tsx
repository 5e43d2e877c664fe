import type { MessageStatus } from "@/gql/graphql";
import { useI18n } from "@/i18n";
import { STATUS_LOOKS } from "@/ui/states";
import { ExactTime } from "@/ui/time";
import type { FullMessage } from "./page";
import classes from "./page.module.css";

interface Props {
  steps: FullMessage["history"];
  /** What the page says already, so that no step repeats it. */
  told?: string | null;
}

/** What became of a message, oldest first. */
export function History({ steps, told }: Props) {
  return (
    <ol className={classes.steps}>
      {steps.map(({ status, at, detail }) => (
        <li key={`${status} ${at}`} className={classes.step}>
          <Dot status={status} />
          <What status={status} detail={detail === told ? null : detail} />
          <span className={classes.small}>
            <ExactTime at={at} />
          </span>
        </li>
      ))}
    </ol>
  );
}

function Dot({ status }: { status: MessageStatus }) {
  const { tone, icon: Icon } = STATUS_LOOKS[status];
  return (
    <span className={classes.dot} data-tone={tone}>
      <Icon size={14} stroke={2.2} aria-hidden="true" />
    </span>
  );
}

function What({ status, detail }: { status: MessageStatus; detail?: string | null }) {
  const { t } = useI18n();
  return (
    <div className={classes.what}>
      {t(`messages.history_${status}`)}
      {detail && (
        <div className={classes.small} lang="en">
          {detail}
        </div>
      )}
    </div>
  );
}
