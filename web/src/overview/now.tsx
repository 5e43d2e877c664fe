import { IconAlertTriangle, IconClock, IconCoins, IconSend } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useI18n } from "@/i18n";
import { Link } from "@/ui/link";
import { useNow } from "@/ui/time";
import { sentLastMinute, totalOf, useActivity } from "./activity";
import type { Overviewed } from "./page";
import classes from "./page.module.css";

/** At so few credits, the number warns. */
const LOW = 50;

interface Props {
  workspaceId: string;
  workspace: Overviewed;
}

/** The four numbers of this moment. */
export function Now({ workspaceId, workspace: { queue, credits } }: Props) {
  const { t, format } = useI18n();
  const minutes = useActivity(workspaceId, "hour").data;
  const now = useNow();
  const failed = minutes && totalOf(minutes, "failed");
  const { queued, oldestQueuedAt } = queue;
  return (
    <div className={classes.numbers}>
      <Figure icon={<IconClock size={17} />} name={t("overview.queued")} value={queued}>
        {oldestQueuedAt && queued > 0
          ? t("overview.queuedSince", { time: format.duration((now - Date.parse(oldestQueuedAt)) / 1_000) })
          : t("overview.queuedNone")}
      </Figure>
      <Figure
        icon={<IconSend size={17} />}
        name={t("overview.sentMinute")}
        value={minutes && sentLastMinute(minutes, now)}
      >
        {t("overview.sentHint")}
      </Figure>
      <Figure
        icon={<IconAlertTriangle size={17} />}
        name={t("overview.failing")}
        value={failed}
        tone={failed ? "bad" : undefined}
      >
        {failed ? (
          <Link to="/w/$workspaceId/messages" params={{ workspaceId }} search={{ status: ["FAILED"] }}>
            {t("overview.failingSome")}
          </Link>
        ) : (
          t("overview.failingNone")
        )}
      </Figure>
      <Figure
        icon={<IconCoins size={17} />}
        name={t("overview.credits")}
        value={credits.balance}
        tone={toneOf(credits.balance)}
      >
        <Bound credits={credits} />
      </Figure>
    </div>
  );
}

function toneOf(balance: number): "warn" | "bad" | undefined {
  if (balance <= 0) return "bad";
  return balance < LOW ? "warn" : undefined;
}

/** What the balance means: whether calls are refused, soon or now, else what of it is bound. */
function Bound({ credits: { balance, queued } }: { credits: Overviewed["credits"] }) {
  const { t } = useI18n();
  if (balance <= 0) return t("overview.creditsNone");
  if (balance < LOW) return t("overview.creditsLow");
  return queued > 0 ? t("overview.creditsBound", { count: queued }) : t("overview.creditsFree");
}

interface FigureProps {
  icon: ReactNode;
  name: string;
  value: number | undefined;
  tone?: "warn" | "bad";
  children: ReactNode;
}

function Figure({ icon, name, value, tone, children }: FigureProps) {
  const { format } = useI18n();
  return (
    <section className={classes.figure} data-tone={tone} aria-label={name}>
      <span className={classes.name}>
        <span aria-hidden="true">{icon}</span>
        <span className={classes.words}>{name}</span>
      </span>
      <span className={classes.value}>{value === undefined ? "–" : format.number(value)}</span>
      <span className={classes.hint}>{children}</span>
    </section>
  );
}
