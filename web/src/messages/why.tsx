import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { dictionaryOf, useI18n } from "@/i18n";
import { CopyButton } from "@/ui/copy";
import { Link } from "@/ui/link";
import { Around, Time } from "@/ui/time";
import type { FullMessage } from "./page";
import classes from "./page.module.css";

interface Props {
  message: FullMessage;
}

type Failure = NonNullable<FullMessage["failure"]>;
type Waiting = NonNullable<FullMessage["waitingFor"]>;

/** What is mended at the account: beside what to do stands the way there. */
const AT_ACCOUNT: readonly (Failure | Waiting)[] = [
  "OUTSIDE_REPLY_WINDOW",
  "NEW_CHATS_RESTRICTED",
  "RATE_LIMITED",
  "EXPIRED",
  "ACCOUNT_UNAVAILABLE",
  "DAILY_CAP",
  "ACCOUNT_HELD",
  "ACCOUNT_PAUSED",
  "ACCOUNT_RECONNECTING",
  "ACCOUNT_NOT_CONNECTED",
  "ACCOUNT_RESTRICTED",
];

/** Why a message failed, or why it waits and until when; and what to do. Nothing where all is well. */
export function Why(props: Props) {
  const { failure, waitingFor } = props.message;
  if (failure) return <Failed {...props} failure={failure} />;
  if (waitingFor) return <Waits {...props} reason={waitingFor} />;
  return null;
}

function Failed({ failure, ...props }: Props & { failure: Failure }) {
  const { t } = useI18n();
  const { failureDetail, suggestedFileUrl } = props.message;
  return (
    <section className={`${classes.notice} ${classes.bad}`}>
      <strong>{t(`enums.FailureReason.${failure}.label`)}</strong>
      <Todo {...props} reason={failure}>
        {t(`enums.FailureReason.${failure}.todo`)}
      </Todo>
      {suggestedFileUrl && <Suggested url={suggestedFileUrl} />}
      {failureDetail && <Detail failure={failure} detail={failureDetail} />}
    </section>
  );
}

/** What to do, and the way to where it is done. */
function Todo({ message, reason, children }: Props & { reason: Failure | Waiting; children: ReactNode }) {
  return (
    <span>
      {children} {AT_ACCOUNT.includes(reason) && <ToAccount account={message.account} />}
    </span>
  );
}

function ToAccount({ account: { id, name, phone } }: { account: FullMessage["account"] }) {
  const { t } = useI18n();
  const { workspaceId = "" } = useParams({ strict: false });
  return (
    <Link to="/w/$workspaceId/accounts/$accountId" params={{ workspaceId, accountId: id }}>
      {t("messages.openAccount", { name: name ?? phone ?? "" })}
    </Link>
  );
}

/** A link that may lead to the file itself: to open, and to copy into one's tool. */
function Suggested({ url }: { url: string }) {
  const { t } = useI18n();
  return (
    <span className={classes.suggested}>
      <span>{t("messages.tryLink")}</span>
      <span className={classes.link}>
        <a href={url} target="_blank" rel="noreferrer">
          {url}
        </a>
        <CopyButton text={url} label={t("messages.copyLink")} />
      </span>
    </span>
  );
}

/** The server's own sentence, in English; nothing where it says no more than ours does. */
function Detail({ failure, detail }: { failure: Failure; detail: string }) {
  const { t } = useI18n();
  const { data } = useQuery({
    queryKey: ["English words"],
    queryFn: () => dictionaryOf("en"),
    refetchInterval: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (!data || data.enums.FailureReason[failure].label.startsWith(detail)) return null;
  return (
    <span className={classes.small}>
      {t("messages.inOwnWords")}: <span lang="en">{detail}</span>
    </span>
  );
}

function Waits({ reason, ...props }: Props & { reason: Waiting }) {
  const { t } = useI18n();
  const { queuePosition, expectedSendAt } = props.message;
  return (
    <section className={`${classes.notice} ${classes.wait}`}>
      <strong>{t(`enums.WaitReason.${reason}.label`)}</strong>
      <Todo {...props} reason={reason}>
        {t(`enums.WaitReason.${reason}.todo`)}
      </Todo>
      <span className={classes.small}>
        {queuePosition && `${t("messages.position", { count: queuePosition })} · `}
        {expectedSendAt ? (
          <Around say={(when) => t("messages.expected", { when })}>
            <Time at={expectedSendAt} ahead />
          </Around>
        ) : (
          t("messages.notWhile")
        )}
      </span>
    </section>
  );
}
