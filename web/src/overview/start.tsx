import { Button } from "@mantine/core";
import { IconCircleCheckFilled, IconSend } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { ConnectButton } from "@/accounts/connect-button";
import { OutOfCredits } from "@/credits/out-of-credits";
import { useI18n } from "@/i18n";
import { useMaySteer } from "@/shell/may";
import { Link } from "@/ui/link";
import { Panel } from "@/ui/page";
import { Empty } from "@/ui/shown";
import type { Overviewed } from "./page";
import classes from "./page.module.css";

interface Props {
  workspaceId: string;
  workspace: Overviewed;
}

/** For a new workspace: what to do first. It leaves with the first message. */
export function Start({ workspaceId, workspace }: Props) {
  const { t } = useI18n();
  const may = useMaySteer();
  const connected = workspace.accounts.nodes.length > 0;
  const called = Boolean(workspace.incomingWebhook.lastActivation);
  const next = !connected ? 1 : workspace.incomingWebhook.urlCreatedAt && called ? 3 : 2;
  const stateOf = (step: number) => (step === next ? "next" : step < next ? "done" : "later");
  const broke = workspace.credits.balance <= 0;
  if (!may) {
    return (
      <Panel>
        <Empty icon={IconSend} title={t("overview.startMember")} hint={t("overview.startMemberHint")} />
      </Panel>
    );
  }
  return (
    <Panel title={t("overview.start")}>
      {broke && (
        <div className={classes.broke}>
          <OutOfCredits workspaceId={workspaceId} title={t("overview.startBroke")} />
        </div>
      )}
      <ol className={classes.steps}>
        <Step
          count={1}
          state={stateOf(1)}
          title={t("overview.connectTitle")}
          hint={t("overview.connectHint")}
        >
          <ConnectButton workspaceId={workspaceId} label={t("overview.connectAction")} />
        </Step>
        <Step count={2} state={stateOf(2)} title={t("overview.urlTitle")} hint={t("overview.urlHint")}>
          <ToWebhook workspaceId={workspaceId} filled={next === 2}>
            {t("overview.urlAction")}
          </ToWebhook>
        </Step>
        <Step count={3} state={stateOf(3)} title={t("overview.sendTitle")} hint={t("overview.sendHint")}>
          <ToWebhook workspaceId={workspaceId} tab="try" filled={next === 3 && !broke}>
            {t("overview.sendAction")}
          </ToWebhook>
        </Step>
      </ol>
    </Panel>
  );
}

interface StepProps {
  count: number;
  state: "done" | "next" | "later";
  title: string;
  hint: string;
  children: ReactNode;
}

function Step({ count, state, title, hint, children }: StepProps) {
  const { t } = useI18n();
  return (
    <li className={classes.step} data-state={state}>
      <span className={classes.ordinal}>
        {state === "done" && <IconCircleCheckFilled size={15} aria-hidden="true" />}
        {t("overview.step", { count })}
        {state === "done" && ` · ${t("overview.stepDone")}`}
      </span>
      <h3>{title}</h3>
      <span className={classes.hint}>{hint}</span>
      {state !== "done" && <div>{children}</div>}
    </li>
  );
}

interface ToWebhookProps {
  workspaceId: string;
  tab?: "try";
  filled: boolean;
  children: ReactNode;
}

function ToWebhook({ workspaceId, tab, filled, children }: ToWebhookProps) {
  return (
    <Button
      variant={filled ? "filled" : "default"}
      renderRoot={(props) => (
        <Link {...props} to="/w/$workspaceId/webhook" params={{ workspaceId }} search={{ tab }} />
      )}
    >
      {children}
    </Button>
  );
}
