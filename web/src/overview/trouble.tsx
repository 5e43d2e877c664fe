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
}

type Item =
  | { kind: "refused"; at: string; count: number; call: Overviewed["incomingWebhook"]["activations"][number] }
  | { kind: "failed"; at: string; message: Overviewed["failed"]["nodes"][number] };

/** The last refusals and failures, newest first, and what to do about each. */
export function Trouble({ workspaceId, workspace }: Props) {
  const { t } = useI18n();
  const items = newest(workspace);
  return (
    <Panel title={t("overview.trouble")} flush>
      {items.length === 0 && <Empty icon={IconCircleCheck} title={t("overview.troubleNone")} />}
      <ul className={classes.troubles}>
        {items.map((item) => (
          <Row key={`${item.kind} ${item.at}`} workspaceId={workspaceId} item={item} />
        ))}
      </ul>
    </Panel>
  );
}

/** Refusals for one reason are one line: a tool that is set up wrongly repeats itself. */
function newest({ incomingWebhook, failed }: Overviewed): Item[] {
  const calls = incomingWebhook.activations;
  const firsts = calls.filter(
    (call, index) => calls.findIndex(({ refusal }) => refusal === call.refusal) === index,
  );
  const refused = firsts.map((call): Item => {
    const count = calls.filter(({ refusal }) => refusal === call.refusal).length;
    return { kind: "refused", at: call.at, count, call };
  });
  const lost = failed.nodes.map(
    (message): Item => ({ kind: "failed", at: message.failedAt ?? message.createdAt, message }),
  );
  return [...refused, ...lost].sort((a, b) => Date.parse(b.at) - Date.parse(a.at)).slice(0, SHOWN);
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
  const { id, chat, recipient, failure } = item.message;
  return (
    <Line
      icon={<IconMessageX size={16} />}
      at={item.at}
      title={
        <Link to="/w/$workspaceId/messages/$messageId" params={{ workspaceId, messageId: id }}>
          {t("overview.troubleFailed", { recipient: chat?.name ?? recipient })}
          {failure && `. ${t(`enums.FailureReason.${failure}.label`)}`}
        </Link>
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
