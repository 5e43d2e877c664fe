import { Button, UnstyledButton } from "@mantine/core";
import { IconChevronDown, IconMessage } from "@tabler/icons-react";
import { type RefObject, useEffect, useId, useRef } from "react";
import type { ActivationRowFragment } from "@/gql/graphql";
import { type Translate, useI18n } from "@/i18n";
import { Content } from "@/messages/content";
import { CopyButton } from "@/ui/copy";
import { Link } from "@/ui/link";
import { Facts } from "@/ui/page";
import { ExactTime, Time } from "@/ui/time";
import { Body } from "./body";
import { cureOf, slipsIn } from "./cure";
import classes from "./log.module.css";
import { OutcomeBadge } from "./outcome";

interface Props {
  workspaceId: string;
  activation: ActivationRowFragment;
  opened: boolean;
  onToggle: () => void;
  /** The call that somebody came for, until they are there. */
  wanted: RefObject<string | undefined>;
}

/** One call: a line, and on demand all that came and went. */
export function ActivationItem({ workspaceId, activation, opened, onToggle, wanted }: Props) {
  const id = useId();
  const item = useRef<HTMLLIElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: where it is opened, not where the call is another
  useEffect(() => {
    if (!opened || !item.current) return;
    item.current.scrollIntoView({ block: "nearest" });
    if (wanted.current !== activation.id) return;
    wanted.current = undefined;
    item.current.querySelector("button")?.focus({ preventScroll: true });
  }, [opened]);
  const { at, outcome, httpStatus, ignoredFields } = activation;
  const { t } = useI18n();
  return (
    <li ref={item} className={classes.item}>
      <UnstyledButton className={classes.toggle} aria-expanded={opened} aria-controls={id} onClick={onToggle}>
        <OutcomeBadge outcome={outcome} />
        <span className={classes.summary}>
          <Summary activation={activation} opened={opened} />
        </span>
        <span className={classes.number}>
          {ignoredFields.length > 0 && `${t("webhook.ignored")} ${ignoredFields.join(", ")}`}
        </span>
        <span className={classes.number}>{httpStatus}</span>
        <span className={`${classes.hint} ${classes.end}`}>
          <Time at={at} />
        </span>
        <IconChevronDown size={16} className={classes.chevron} aria-hidden="true" />
      </UnstyledButton>
      <div id={id} hidden={!opened}>
        {opened && <Details workspaceId={workspaceId} activation={activation} />}
      </div>
    </li>
  );
}

interface SummaryProps {
  activation: ActivationRowFragment;
  /** What stands below need not stand here, nor what only the server's English says. */
  opened: boolean;
}

function Summary({ activation, opened }: SummaryProps) {
  const { t, locale } = useI18n();
  const { message, answer } = activation;
  const cure = cureOf(activation);
  if (cure) {
    return (
      <>
        <strong>{t(cure.label)}</strong>{" "}
        {!opened && (
          <span className={classes.hint}>{placeOf(activation, t) || (locale === "en" && answer)}</span>
        )}
      </>
    );
  }
  if (!message) return answer;
  return (
    <>
      <strong>{t("webhook.queuedFor", { recipient: message.chat?.name ?? message.recipient })}</strong>{" "}
      <span className={classes.hint}>
        <Content message={message} />
      </span>
    </>
  );
}

function Details({ workspaceId, activation }: Pick<Props, "workspaceId" | "activation">) {
  const { t } = useI18n();
  const { messageId, ignoredFields, responseBody } = activation;
  return (
    <div className={classes.details}>
      <Cure activation={activation} />
      <div className={classes.part}>
        <h3>{t("webhook.received")}</h3>
        <Received activation={activation} />
        {ignoredFields.length > 0 && (
          <div className={classes.ignored}>
            <strong>
              {t("webhook.ignored")} {ignoredFields.join(", ")}
            </strong>
            <br />
            {t("webhook.ignoredHint")}
          </div>
        )}
        <About activation={activation} />
      </div>
      <div className={classes.part}>
        <h3>{t("webhook.answered")}</h3>
        <Body text={responseBody} label={t("webhook.answered")} />
        {messageId && (
          <Button
            variant="default"
            size="xs"
            leftSection={<IconMessage size={15} />}
            w="fit-content"
            renderRoot={(props) => (
              <Link {...props} to="/w/$workspaceId/messages/$messageId" params={{ workspaceId, messageId }} />
            )}
          >
            {t("webhook.openMessage")}
          </Button>
        )}
      </div>
    </div>
  );
}

function Received({ activation }: { activation: ActivationRowFragment }) {
  const { t } = useI18n();
  const { requestBody, requestBodyBase64, requestBodyTruncated } = activation;
  if (requestBody === "") return <span className={classes.hint}>{t("webhook.receivedEmpty")}</span>;
  return (
    <>
      {requestBodyBase64 && <span className={classes.hint}>{t("webhook.receivedBinary")}</span>}
      <Body
        text={requestBody}
        label={t("webhook.received")}
        faults={requestBodyBase64 ? undefined : activation}
        copy
      />
      {requestBodyTruncated && <span className={classes.hint}>{t("webhook.receivedCut")}</span>}
    </>
  );
}

/** Where in the body something was wrong, if anywhere. */
function placeOf({ field, line, column }: ActivationRowFragment, t: Translate): string {
  const named = field && t("webhook.fieldAtFault", { field });
  const place = line && column && t("webhook.place", { line, column });
  return [named, place].filter(Boolean).join(" · ");
}

/** What to do; what was wrong stands above it, and the server's own words in its answer. */
function Cure({ activation }: { activation: ActivationRowFragment }) {
  const { t } = useI18n();
  const cure = cureOf(activation);
  if (!cure) return null;
  const { answer } = activation;
  const place = placeOf(activation, t);
  return (
    <div className={classes.cure}>
      <strong>{t(cure.todo)}</strong>
      {slipsIn(answer).map(({ name, meant }) => (
        <span key={meant}>{name ? t("webhook.slipOf", { name, meant }) : t("webhook.slip", { meant })}</span>
      ))}
      {place && <span className={classes.hint}>{place}</span>}
    </div>
  );
}

function About({
  activation: { id, at, httpStatus, remoteAddress, userAgent, durationMs },
}: {
  activation: ActivationRowFragment;
}) {
  const { t } = useI18n();
  return (
    <Facts
      of={[
        [t("webhook.at"), <ExactTime key="at" at={at} />],
        [t("webhook.httpStatus"), httpStatus],
        [t("webhook.took"), t("webhook.milliseconds", { count: Math.round(durationMs * 10) / 10 })],
        [t("webhook.from"), remoteAddress],
        [t("webhook.tool"), userAgent],
        [
          t("webhook.requestId"),
          <span key="id">
            {id} <CopyButton text={id} />
          </span>,
        ],
      ]}
    />
  );
}
