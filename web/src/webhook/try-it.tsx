import { Alert, Stack } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { ConnectButton } from "@/accounts/connect-button";
import { useAsk } from "@/api/query";
import { useI18n } from "@/i18n";
import { useMaySteer } from "@/shell/may";
import { Panel } from "@/ui/page";
import { Bones, Shown } from "@/ui/shown";
import { Answer, type Answered } from "./answer";
import { call } from "./call";
import { Code } from "./code";
import { TRY_CHOICES } from "./documents";
import { RequestForm } from "./form";
import { type Draft, requestOf } from "./request";
import type { SecretUrl } from "./secret";
import type { Tried } from "./tried";
import classes from "./try-it.module.css";

interface Props {
  workspaceId: string;
  secret: SecretUrl;
  tried: Tried;
  onAnswered: (answered: Answered) => void;
  onDraft: (change: Partial<Draft>) => void;
}

/** Builds a request, shows it as code, sends it to the real URL, and follows its message to the end. */
export default function TryIt({
  workspaceId,
  secret,
  tried: { draft, answered },
  onAnswered,
  onDraft,
}: Props) {
  const { t } = useI18n();
  const may = useMaySteer();
  const query = useAsk(TRY_CHOICES, { workspaceId });
  const [busy, setBusy] = useState(false);
  const answer = useRef<HTMLDivElement>(null);
  const asked = useRef(false);
  // On a phone it stands below all else, and who sees nothing happen sends again.
  useEffect(() => {
    if (answered && asked.current) answer.current?.scrollIntoView({ block: "nearest" });
  }, [answered]);
  const request = requestOf(draft);
  const send = async () => {
    setBusy(true);
    const url = await secret.use();
    asked.current = true;
    if (url) onAnswered(await call(url, request));
    setBusy(false);
  };
  return (
    <div className={classes.columns}>
      <Panel title={t("webhook.tryTitle")}>
        <Shown query={query} bones={<Bones />}>
          {({ workspace }) =>
            workspace && (
              <Stack>
                {may && workspace.accounts.nodes.length === 0 && (
                  <Alert color="yellow" title={t("webhook.noAccount")}>
                    <ConnectButton workspaceId={workspaceId} label={t("overview.connectAction")} />
                  </Alert>
                )}
                <RequestForm {...{ draft, onDraft, busy, may, workspace }} onSend={() => void send()} />
              </Stack>
            )
          }
        </Shown>
      </Panel>
      <div className={classes.stack}>
        <Code secret={secret} may={may} request={request} />
        {answered && (
          <div ref={answer} className={classes.stack}>
            <Answer workspaceId={workspaceId} answered={answered} />
          </div>
        )}
      </div>
    </div>
  );
}
