import { useI18n } from "@/i18n";
import { Time } from "@/ui/time";
import type { FullMessage } from "./page";
import classes from "./page.module.css";

/** Why a message failed, or why it waits and until when; and what to do. Nothing where all is well. */
export function Why({ message }: { message: FullMessage }) {
  if (message.failure) return <Failure message={message} failure={message.failure} />;
  if (message.waitingFor) return <Waiting message={message} reason={message.waitingFor} />;
  return null;
}

function Failure({
  message,
  failure,
}: {
  message: FullMessage;
  failure: NonNullable<FullMessage["failure"]>;
}) {
  const { t } = useI18n();
  const { failureDetail, suggestedFileUrl } = message;
  const label = t(`enums.FailureReason.${failure}.label`);
  return (
    <section className={`${classes.notice} ${classes.bad}`}>
      <strong>{label}</strong>
      <span>{t(`enums.FailureReason.${failure}.todo`)}</span>
      {suggestedFileUrl && (
        <span>
          {t("messages.tryLink")} <a href={suggestedFileUrl}>{suggestedFileUrl}</a>
        </span>
      )}
      {failureDetail && !label.startsWith(failureDetail) && (
        <span className={classes.small}>
          {t("messages.inOwnWords")}: <span lang="en">{failureDetail}</span>
        </span>
      )}
    </section>
  );
}

function Waiting({
  message,
  reason,
}: {
  message: FullMessage;
  reason: NonNullable<FullMessage["waitingFor"]>;
}) {
  const { t } = useI18n();
  const { queuePosition, expectedSendAt } = message;
  return (
    <section className={`${classes.notice} ${classes.wait}`}>
      <strong>{t(`enums.WaitReason.${reason}.label`)}</strong>
      <span>{t(`enums.WaitReason.${reason}.todo`)}</span>
      <span className={classes.small}>
        {queuePosition && `${t("messages.position", { count: queuePosition })} · `}
        {expectedSendAt ? <Expected at={expectedSendAt} /> : t("messages.notWhile")}
      </span>
    </section>
  );
}

function Expected({ at }: { at: string }) {
  const { t } = useI18n();
  const [before, after] = t("messages.expected", { when: "\n" }).split("\n");
  return (
    <>
      {before}
      <Time at={at} ahead />
      {after}
    </>
  );
}
