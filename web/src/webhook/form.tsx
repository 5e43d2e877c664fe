import {
  Alert,
  Autocomplete,
  Button,
  Input,
  SegmentedControl,
  Select,
  Stack,
  Switch,
  Textarea,
  TextInput,
} from "@mantine/core";
import { IconSend } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { SIMULATED } from "@/accounts/simulator";
import type { TryChoicesQuery } from "@/gql/graphql";
import { useI18n } from "@/i18n";
import wrapping from "@/ui/wrapping.module.css";
import { type Draft, priceOf, RECIPIENTS, type Recipient } from "./request";
import classes from "./try-it.module.css";

type Choices = NonNullable<TryChoicesQuery["workspace"]>;

interface Props {
  draft: Draft;
  onDraft: (change: Partial<Draft>) => void;
  workspace: Choices;
  busy: boolean;
  /** Whether the person can know the URL. */
  may: boolean;
  onSend: () => void;
}

const NEEDS = {
  recipient: "webhook.needRecipient",
  text: "webhook.needText",
  file: "webhook.needFile",
} as const;

/** What still lacks before the webhook could take it. */
function lackingIn({ recipient, text, withFile, fileUrl, fileName }: Draft): (keyof typeof NEEDS)[] {
  const lacking: (keyof typeof NEEDS)[] = [];
  if (recipient.trim() === "") lacking.push("recipient");
  if (text.trim() === "" && !withFile) lacking.push("text");
  if (withFile && (fileUrl.trim() === "" || fileName.trim() === "")) lacking.push("file");
  return lacking;
}

export function RequestForm(props: Props) {
  const { t } = useI18n();
  const { draft, onDraft, workspace, busy, may, onSend } = props;
  const [tried, setTried] = useState(false);
  const lacking = lackingIn(draft);
  const complaint = (about: keyof typeof NEEDS) =>
    tried && lacking.includes(about) ? t(NEEDS[about]) : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (may && lacking.length === 0) onSend();
  };
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        {!may && <Alert color="gray">{t("webhook.cannotMember")}</Alert>}
        <To {...props} error={complaint("recipient")} />
        <Textarea
          label={t("webhook.text")}
          autosize
          minRows={3}
          maxRows={10}
          value={draft.text}
          onChange={(event) => onDraft({ text: event.currentTarget.value })}
          error={complaint("text")}
        />
        <File {...props} error={complaint("file")} />
        <Sender draft={draft} onDraft={onDraft} accounts={workspace.accounts.nodes} />
        {may && (
          <div className={classes.line}>
            <Button type="submit" loading={busy} leftSection={<IconSend size={16} />}>
              {t("webhook.send")}
            </Button>
            <span className={classes.hint}>
              {t("webhook.sendCosts", { credits: t("common.credits", { count: priceOf(draft) }) })}
            </span>
          </div>
        )}
      </Stack>
    </form>
  );
}

function To({ draft, onDraft, workspace, error }: Props & { error: string | undefined }) {
  const { t } = useI18n();
  const { kind, recipient } = draft;
  const chats = workspace.chats.nodes;
  const suggested =
    kind === "chat_id" ? chats.map(({ id }) => id) : kind === "chat_name" ? namesOf(chats) : undefined;
  const nameOfChat = (id: string) =>
    kind === "chat_id" ? chats.find((chat) => chat.id === id)?.name : undefined;
  const simulated = workspace.accounts.nodes.some(({ gateway }) => gateway === "SIMULATOR");
  return (
    <div className={classes.field}>
      <Input.Label component="div">{t("webhook.recipient")}</Input.Label>
      <SegmentedControl
        aria-label={t("webhook.recipient")}
        size="xs"
        fullWidth
        classNames={{ label: wrapping.label }}
        value={kind}
        onChange={(value) => onDraft({ kind: value as Recipient, recipient: "" })}
        data={RECIPIENTS.map((value) => ({ value, label: t(`webhook.kind_${value}`) }))}
      />
      <Autocomplete
        aria-label={t("webhook.recipient")}
        description={t(`webhook.hint_${kind}`)}
        value={recipient}
        onChange={(value) => onDraft({ recipient: value })}
        data={suggested ?? []}
        inputMode={kind === "phone" ? "tel" : undefined}
        renderOption={({ option }) => [option.value, nameOfChat(option.value)].filter(Boolean).join(" · ")}
        error={error}
      />
      {kind === "phone" && simulated && <Rehearsals onPick={(phone) => onDraft({ recipient: phone })} />}
    </div>
  );
}

/** Autocomplete takes each value once. */
function namesOf(chats: Choices["chats"]["nodes"]): string[] {
  return [...new Set(chats.map(({ name }) => name))];
}

function Rehearsals({ onPick }: { onPick: (phone: string) => void }) {
  const { t } = useI18n();
  return (
    <Select
      aria-label={t("webhook.rehearse")}
      placeholder={t("webhook.rehearse")}
      size="xs"
      value={null}
      onChange={(phone) => phone && onPick(phone)}
      data={SIMULATED.map(({ phone, does }) => ({ value: phone, label: `${phone}: ${t(does)}` }))}
    />
  );
}

function File({ draft, onDraft, error }: Pick<Props, "draft" | "onDraft"> & { error: string | undefined }) {
  const { t } = useI18n();
  return (
    <>
      <Switch
        label={t("webhook.attach")}
        description={t("webhook.attachHint")}
        checked={draft.withFile}
        onChange={(event) => onDraft({ withFile: event.currentTarget.checked })}
      />
      {draft.withFile && (
        <div className={classes.pair}>
          <TextInput
            type="url"
            label={t("webhook.fileUrl")}
            description={t("webhook.fileUrlHint")}
            value={draft.fileUrl}
            onChange={(event) => onDraft({ fileUrl: event.currentTarget.value })}
            error={error}
          />
          <TextInput
            label={t("webhook.fileName")}
            description={t("webhook.fileNameHint")}
            value={draft.fileName}
            onChange={(event) => onDraft({ fileName: event.currentTarget.value })}
          />
        </div>
      )}
    </>
  );
}

function Sender({
  draft,
  onDraft,
  accounts,
}: Pick<Props, "draft" | "onDraft"> & { accounts: Choices["accounts"]["nodes"] }) {
  const { t } = useI18n();
  const byDefault = accounts.find(({ isDefault }) => isDefault);
  const label = byDefault
    ? t("webhook.senderDefault", { name: byDefault.name ?? byDefault.phone ?? "" })
    : t("webhook.senderNone");
  const named = accounts.flatMap(({ phone, name }) =>
    phone ? [{ value: phone, label: name ? `${name} (${phone})` : phone }] : [],
  );
  return (
    <Select
      label={t("webhook.sender")}
      value={draft.account}
      onChange={(account) => onDraft({ account: account ?? "" })}
      data={[{ value: "", label }, ...named]}
      allowDeselect={false}
    />
  );
}
