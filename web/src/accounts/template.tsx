import { Button, Stack, Text, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useDo } from "@/api/query";
import { useI18n } from "@/i18n";
import { Complaint } from "@/session/complaint";
import { useConfirm } from "@/ui/confirm";
import { Facts, Panel } from "@/ui/page";
import { tellDone } from "@/ui/toasts";
import { SET_TEMPLATE } from "./documents";
import type { FullAccount } from "./page";
import classes from "./page.module.css";

const NONE = { name: "", language: "" };

/** The template that carries texts to people who did not write within the last 24 hours. */
export function TemplatePanel({ account, may }: { account: FullAccount; may: boolean }) {
  const { t } = useI18n();
  const { name, language } = account.template ?? NONE;
  return (
    <Panel title={t("accounts.template")}>
      <Stack gap="md">
        <Text c="dimmed">{t("accounts.templateHint")}</Text>
        {may ? (
          <Form account={account} />
        ) : name ? (
          <Facts
            of={[
              [t("accounts.templateName"), name],
              [t("accounts.templateLanguage"), language],
            ]}
          />
        ) : (
          <Text size="sm">{t("accounts.templateNone")}</Text>
        )}
      </Stack>
    </Panel>
  );
}

function Form({ account }: { account: FullAccount }) {
  const { t } = useI18n();
  const set = useDo(SET_TEMPLATE, { quiet: true });
  const confirm = useConfirm();
  const saved = account.template ?? NONE;
  const [draft, setDraft] = useState(saved);
  const changed = draft.name !== saved.name || draft.language !== saved.language;
  const save = async ({ name, language }: typeof NONE) => {
    await set.mutateAsync({ id: account.id, name: name || undefined, language: language || undefined });
    setDraft({ name, language });
    tellDone(t(name ? "accounts.templateSaved" : "accounts.templateRemoved"));
  };
  const remove = async () => {
    const yes = await confirm({
      title: t("accounts.templateRemoveTitle", { name: saved.name }),
      body: t("accounts.templateNone"),
      action: t("accounts.templateRemove"),
      danger: true,
    });
    if (yes) await save(NONE);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save(draft).catch(() => {}); // what fails stands below the fields
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <div className={classes.pair} data-wide>
          <TextInput
            label={t("accounts.templateName")}
            placeholder="order_update"
            value={draft.name}
            onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value.trim() })}
            required={draft.language !== ""}
            withAsterisk={false}
            spellCheck={false}
          />
          <TextInput
            label={t("accounts.templateLanguage")}
            placeholder="en_US, vi"
            value={draft.language}
            onChange={(event) => setDraft({ ...draft, language: event.currentTarget.value.trim() })}
            required={draft.name !== ""}
            withAsterisk={false}
            spellCheck={false}
          />
        </div>
        <Text size="sm" c="dimmed">
          {saved.name || draft.name
            ? t("accounts.templateShape", { place: "{{1}}" })
            : t("accounts.templateNone")}
        </Text>
        <Complaint error={set.error} />
        {changed && (
          <Button type="submit" w="fit-content" loading={set.isPending}>
            {t("accounts.save")}
          </Button>
        )}
        {!changed && saved.name && (
          <Button
            variant="default"
            w="fit-content"
            loading={set.isPending}
            onClick={() => void remove().catch(() => {})}
          >
            {t("accounts.templateRemove")}
          </Button>
        )}
      </Stack>
    </form>
  );
}
