import { ActionIcon, Button, Group, Textarea, TextInput } from "@mantine/core";
import { IconPaperclip, IconSend, IconX } from "@tabler/icons-react";
import { type FormEvent, type KeyboardEvent, useRef, useState } from "react";
import { useAsk, useDo } from "@/api/query";
import { useI18n } from "@/i18n";
import { Complaint } from "@/session/complaint";
import { CREDITS_LEFT, SEND } from "./documents";
import { costOf, type Draft, EMPTY, isEmpty, isSendable, LONGEST, lengthOf, nameIn } from "./draft";
import classes from "./page.module.css";

/** A message as it was sent, and the key by which the server knows it again. */
interface Sent {
  draft: Draft;
  key: string;
}

/** Writes into a chat: what it will cost, and what the server said no for, stand beside the button. */
export function Composer({ workspaceId, chatId }: { workspaceId: string; chatId: string }) {
  const { t } = useI18n();
  const [draft, setDraft] = useState(EMPTY);
  const [attaching, setAttaching] = useState(false);
  /** What was not taken while something else was being written. */
  const [unsent, setUnsent] = useState<Sent>();
  const key = useRef(newKey());
  const latest = useRef(draft);
  latest.current = draft;
  const send = useDo(SEND, { quiet: true });
  const begin = (next: Draft, nextKey: string) => {
    key.current = nextKey;
    setDraft(next);
    setAttaching(next.fileUrl !== "");
  };
  const change = (part: Partial<Draft>) => {
    // Another content is another message; the same one, sent again after a lost answer, is not.
    key.current = newKey();
    if (!send.isPending && !unsent) send.reset();
    setDraft((before) => ({ ...before, ...part }));
  };
  const deliver = (sent: Sent) => {
    const { text, fileUrl, fileName } = sent.draft;
    const file = fileUrl && { fileUrl, fileName: fileName || nameIn(fileUrl) };
    const input = { workspaceId, chatId, text, ...(file || {}), idempotencyKey: sent.key };
    send.mutate(
      { input },
      {
        onError: () => {
          if (isEmpty(latest.current)) begin(sent.draft, sent.key);
          else setUnsent(sent);
        },
      },
    );
  };
  const submit = (event: FormEvent | KeyboardEvent) => {
    event.preventDefault();
    if (!isSendable(draft) || send.isPending || unsent) return;
    deliver({ draft, key: key.current });
    begin(EMPTY, newKey());
  };
  return (
    <form className={classes.composer} onSubmit={submit}>
      <Complaint error={send.error} saying={{ OUT_OF_CREDITS: t("errors.OUT_OF_CREDITS") }} />
      {unsent && (
        <Unsent
          draft={unsent.draft}
          onAgain={() => {
            setUnsent(undefined);
            deliver(unsent);
          }}
          onDiscard={() => {
            setUnsent(undefined);
            send.reset();
          }}
        />
      )}
      {attaching && <FileFields draft={draft} onChange={change} />}
      <Group gap="xs" align="flex-end" wrap="nowrap">
        <Attach
          attaching={attaching}
          onToggle={() => {
            if (attaching) change({ fileUrl: "", fileName: "" });
            setAttaching(!attaching);
          }}
        />
        <Textarea
          className={classes.grow}
          aria-label={t("chats.write")}
          placeholder={t("chats.write")}
          autosize
          minRows={1}
          maxRows={8}
          value={draft.text}
          error={lengthOf(draft.text) > LONGEST && t("chats.tooLong", { count: LONGEST })}
          onChange={(event) => change({ text: event.currentTarget.value })}
          onKeyDown={(event) => {
            if (isSendKey(event)) submit(event);
          }}
        />
        <Button
          type="submit"
          disabled={!isSendable(draft) || unsent !== undefined}
          loading={send.isPending}
          leftSection={<IconSend size={16} aria-hidden="true" />}
        >
          {t("chats.send")}
        </Button>
      </Group>
      <Cost workspaceId={workspaceId} draft={draft} />
    </form>
  );
}

interface UnsentProps {
  draft: Draft;
  onAgain: () => void;
  onDiscard: () => void;
}

/** What was not taken, beside what is being written by now. */
function Unsent({ draft: { text, fileUrl, fileName }, onAgain, onDiscard }: UnsentProps) {
  const { t } = useI18n();
  return (
    <section className={classes.unsent} aria-label={t("chats.unsent")}>
      <strong>{t("chats.unsent")}</strong>
      <p className={classes.text}>{[fileName || nameIn(fileUrl), text].filter(Boolean).join("\n")}</p>
      <Group gap="xs">
        <Button size="compact-sm" onClick={onAgain}>
          {t("chats.tryAgain")}
        </Button>
        <Button size="compact-sm" variant="default" onClick={onDiscard}>
          {t("chats.discard")}
        </Button>
      </Group>
    </section>
  );
}

/** Enter sends, Shift+Enter breaks the line; not while an input method composes a letter. */
function isSendKey({ key, shiftKey, nativeEvent }: KeyboardEvent): boolean {
  return key === "Enter" && !shiftKey && !nativeEvent.isComposing;
}

function newKey(): string {
  return `dashboard-${crypto.getRandomValues(new Uint32Array(4)).join("-")}`;
}

function Attach({ attaching, onToggle }: { attaching: boolean; onToggle: () => void }) {
  const { t } = useI18n();
  const label = t(attaching ? "chats.detach" : "chats.attach");
  return (
    <ActionIcon variant="default" size={36} aria-label={label} title={label} onClick={onToggle}>
      {attaching ? <IconX size={17} /> : <IconPaperclip size={17} />}
    </ActionIcon>
  );
}

interface FileProps {
  draft: Draft;
  onChange: (part: Partial<Draft>) => void;
}

function FileFields({ draft, onChange }: FileProps) {
  const { t } = useI18n();
  return (
    <div className={classes.files}>
      <TextInput
        type="url"
        label={t("chats.fileUrl")}
        description={t("chats.fileHint")}
        placeholder="https://"
        value={draft.fileUrl}
        onChange={(event) => onChange({ fileUrl: event.currentTarget.value.trim() })}
        data-autofocus
      />
      <TextInput
        label={t("chats.fileName")}
        description={t("chats.fileNameHint")}
        placeholder={nameIn(draft.fileUrl)}
        value={draft.fileName}
        onChange={(event) => onChange({ fileName: event.currentTarget.value })}
      />
    </div>
  );
}

function Cost({ workspaceId, draft }: { workspaceId: string; draft: Draft }) {
  const { t } = useI18n();
  const left = useAsk(CREDITS_LEFT, { workspaceId }).data?.workspace?.credits.balance;
  const cost = costOf(draft);
  return (
    <p className={classes.cost}>
      <span>
        {cost > 0 ? t("chats.costs", { credits: t("common.credits", { count: cost }) }) : t("chats.costRule")}
        {left !== undefined && ` ${t("chats.left", { credits: t("common.credits", { count: left }) })}`}
      </span>
      <span className={classes.keys}>{t("chats.keys")}</span>
    </p>
  );
}
