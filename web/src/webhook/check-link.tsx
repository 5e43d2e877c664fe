import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconFileSearch } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { useDo } from "@/api/query";
import type { CheckFileUrlMutation } from "@/gql/graphql";
import { useI18n } from "@/i18n";
import { Complaint } from "@/session/complaint";
import { Facts, Panel } from "@/ui/page";
import { CHECK_FILE } from "./documents";
import classes from "./try-it.module.css";

interface Props {
  workspaceId: string;
  /** Takes a link that works into a message. */
  onUse: (fileUrl: string, fileName: string) => void;
}

/** Downloads a link as a message would, and says what came of it. */
export default function CheckLink({ workspaceId, onUse }: Props) {
  const { t } = useI18n();
  const [url, setUrl] = useState("");
  const [fileName, setFileName] = useState("");
  const check = useDo(CHECK_FILE, { quiet: true });
  const run = (link: string) =>
    check.mutate({ workspaceId, url: link, fileName: fileName.trim() || undefined });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    run(url.trim());
  };
  return (
    <div className={classes.check}>
      <Panel title={t("webhook.checkTitle")}>
        <form onSubmit={submit}>
          <Stack gap="md">
            <Text c="dimmed">{t("webhook.checkHint")}</Text>
            <TextInput
              type="url"
              label={t("webhook.link")}
              placeholder="https://"
              required
              withAsterisk={false}
              value={url}
              onChange={(event) => setUrl(event.currentTarget.value)}
            />
            <TextInput
              label={t("webhook.linkName")}
              description={t("webhook.linkNameHint")}
              value={fileName}
              onChange={(event) => setFileName(event.currentTarget.value)}
            />
            <Complaint error={check.error} saying={{ RATE_LIMITED: t("webhook.checkLimit") }} />
            <Button
              type="submit"
              loading={check.isPending}
              leftSection={<IconFileSearch size={16} />}
              w="fit-content"
            >
              {t("webhook.check")}
            </Button>
          </Stack>
        </form>
      </Panel>
      <div role="status">
        {check.isPending && <Text c="dimmed">{t("webhook.checking")}</Text>}
        {check.data && !check.isPending && (
          <Result
            found={check.data.checkFileUrl}
            onUse={(name) => onUse(check.variables?.url ?? url, name)}
            onCheck={(direct) => {
              setUrl(direct);
              run(direct);
            }}
          />
        )}
      </div>
    </div>
  );
}

interface ResultProps {
  found: CheckFileUrlMutation["checkFileUrl"];
  onUse: (fileName: string) => void;
  onCheck: (url: string) => void;
}

function Result({ found, onUse, onCheck }: ResultProps) {
  const { t, format } = useI18n();
  const { ok, reason, detail, host, directUrl, fileName, size, mime } = found;
  const Icon = ok ? IconCheck : IconAlertTriangle;
  return (
    <section className={classes.result} data-ok={ok}>
      <strong>
        <Icon size={18} aria-hidden="true" />
        {reason ? t(`enums.FailureReason.${reason}.label`) : t("webhook.linkGood")}
      </strong>
      <span>{reason ? t(`enums.FailureReason.${reason}.todo`) : t("webhook.linkGoodHint")}</span>
      {!ok && (
        <span className={classes.hint} lang="en">
          {detail}
        </span>
      )}
      {directUrl && (
        <Group gap="xs">
          <span>{t("webhook.tryDirect")}</span>
          <a className={classes.direct} href={directUrl}>
            {directUrl}
          </a>
          <Button size="compact-sm" variant="default" onClick={() => onCheck(directUrl)}>
            {t("webhook.checkDirect")}
          </Button>
        </Group>
      )}
      <Facts
        of={[
          [t("webhook.host"), host],
          [t("webhook.fileName"), fileName],
          [t("webhook.size"), size && format.bytes(size)],
          [t("webhook.type"), mime],
        ]}
      />
      {ok && (
        <Button size="xs" variant="default" w="fit-content" onClick={() => onUse(fileName ?? "")}>
          {t("webhook.useInTry")}
        </Button>
      )}
    </section>
  );
}
