import { IconCircleCheck, IconMessageX, IconWebhookOff } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useI18n } from "@/i18n";
import { Link } from "@/ui/link";
import { Panel } from "@/ui/page";
import { Empty } from "@/ui/shown";
import { Time } from "@/ui/time";
import { cureOf } from "@/webhook/cure";
import type { Overviewed } from "./page";
import classes from "./page.module.css";

const SHOWN = 6;

interface Props {
  workspaceId: string;
  workspace: Overviewed;
  /** What is older is no trouble any more. */
  since: string;
}

type Call = Overviewed["incomingWebhook"]["activations"][number];
type Failed = Overviewed["failed"]["nodes"][number];

/** What happened for one reason: the last time that it did, and how often. */
type Item = { id: string; at: string; count: number } & (
  | { kind: "refused"; call: Call }
  | { kind: "failed"; message: Failed }
);

/** Why calls were refused and messages failed in the last 7 days, newest first, and what to do about each. */
export function Trouble({ workspaceId, workspace, since }: Props) {
  const { t } = useI18n();
  const items = troubles(workspace, since).slice(0, SHOWN);
  return (
    <Panel
      title={t("overview.trouble")}
      hint={items.length > 0 ? t("overview.troubleHint") : undefined}
      flush
    >
      {items.length === 0 && <Empty icon={IconCircleCheck} title={t("overview.troubleNone")} />}
      <ul className={classes.troubles}>
        {items.map((item) => (
          <Row key={item.id} workspaceId={workspaceId} item={item} />
        ))}
      </ul>
    </Panel>
  );
}

/** One for each reason: a tool that is set up wrongly repeats itself, and so does a number that is not on WhatsApp. */
export function troubles(
  { incomingWebhook, failed }: Pick<Overviewed, "incomingWebhook" | "failed">,
  since: string,
): Item[] {
  const calls = incomingWebhook.activations.filter(({ at }) => Date.parse(at) >= Date.parse(since));
  const refused = byReason(calls, ({ refusal }) => refusal).map(
    ([call, count]): Item => ({ kind: "refused", id: call.id, at: call.at, count, call }),
  );
  const lost = byReason(failed.nodes, ({ failure }) => failure).map(
    ([message, count]): Item => ({
      kind: "failed",
      id: message.id,
      at: message.failedAt ?? message.createdAt,
      count,
      message,
    }),
  );
  return [...refused, ...lost].sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
}

/** The first of each reason, and how many there are of it. */
function byReason<Of>(all: Of[], reasonOf: (one: Of) => string | null | undefined): [Of, number][] {
  const firsts = new Map<string | null | undefined, [Of, number]>();
  for (const one of all) {
    const [first, count] = firsts.get(reasonOf(one)) ?? [one, 0];
    firsts.set(reasonOf(one), [first, count + 1]);
  }
  return [...firsts.values()];
}

function Row({ workspaceId, item }: { workspaceId: string; item: Item }) {
  const { t } = useI18n();
  if (item.kind === "refused") {
    const { id, answer } = item.call;
    const cure = cureOf(item.call);
    return (
      <Line
        icon={<IconWebhookOff size={16} />}
        at={item.at}
        title={
          <Link to="/w/$workspaceId/webhook" params={{ workspaceId }} search={{ call: id }}>
            {t("overview.troubleRefused", { count: item.count })}: {cure ? t(cure.label) : answer}
          </Link>
        }
        todo={cure && t(cure.todo)}
      />
    );
  }
  return <Lost workspaceId={workspaceId} {...item} />;
}

/** One that failed leads to its page, several to the list of those that failed for the same reason. */
function Lost({
  workspaceId,
  at,
  count,
  message,
}: Extract<Item, { kind: "failed" }> & { workspaceId: string }) {
  const { t } = useI18n();
  const { id, chat, recipient, failure } = message;
  const told =
    count > 1
      ? t("overview.troubleFailedSome", { count })
      : t("overview.troubleFailed", { recipient: chat?.name ?? recipient });
  const title = (
    <>
      {told}
      {failure && `. ${t(`enums.FailureReason.${failure}.label`)}`}
    </>
  );
  return (
    <Line
      icon={<IconMessageX size={16} />}
      at={at}
      title={
        count > 1 ? (
          <Link
            to="/w/$workspaceId/messages"
            params={{ workspaceId }}
            search={{ status: ["FAILED"], failure: failure ? [failure] : undefined }}
          >
            {title}
          </Link>
        ) : (
          <Link to="/w/$workspaceId/messages/$messageId" params={{ workspaceId, messageId: id }}>
            {title}
          </Link>
        )
      }
      todo={failure && t(`enums.FailureReason.${failure}.todo`)}
    />
  );
}

interface LineProps {
  icon: ReactNode;
  at: string;
  title: ReactNode;
  todo: ReactNode;
}

function Line({ icon, at, title, todo }: LineProps) {
  return (
    <li className={classes.trouble}>
      <span className={classes.sign} aria-hidden="true">
        {icon}
      </span>
      <div>
        {title}
        <div className={classes.hint}>{todo}</div>
      </div>
      <span className={classes.hint}>
        <Time at={at} />
      </span>
    </li>
  );
}
