import { Button } from "@mantine/core";
import type { FormEvent } from "react";
import { useDo } from "@/api/query";
import { enter } from "@/api/session";
import { useI18n } from "@/i18n";
import { Complaint } from "@/session/complaint";
import { NewPassword } from "@/session/fields";
import { Panel } from "@/ui/page";
import { PasswordField } from "@/ui/password-field";
import { tellDone } from "@/ui/toasts";
import { CHANGE_PASSWORD } from "./documents";
import classes from "./page.module.css";

/** Another password. The server ends every other log-in, and gives this one new tokens. */
export function Password({ email }: { email: string }) {
  const { t } = useI18n();
  const change = useDo(CHANGE_PASSWORD, {
    quiet: true,
    onDone: ({ changePassword }) => {
      enter(changePassword);
      tellDone(t("settings.passwordDone"));
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const element = event.currentTarget;
    const form = new FormData(element);
    const field = (name: string) => String(form.get(name));
    change.mutate(
      { currentPassword: field("current"), newPassword: field("new") },
      { onSuccess: () => element.reset() },
    );
  };
  const saying =
    change.error?.field === "currentPassword" ? { BAD_INPUT: t("settings.passwordWrong") } : undefined;
  return (
    <Panel title={t("settings.password")}>
      <form className={classes.form} onSubmit={submit}>
        <p className={classes.small}>{t("settings.passwordHint")}</p>
        {/* For password managers. */}
        <input type="hidden" name="username" autoComplete="username" value={email} />
        <PasswordField
          name="current"
          label={t("settings.currentPassword")}
          description={t("settings.currentPasswordHint")}
          autoComplete="current-password"
        />
        <NewPassword name="new" label={t("settings.newPassword")} />
        <Complaint error={change.error} saying={saying} />
        <Button type="submit" variant="default" loading={change.isPending} w="fit-content">
          {t("settings.password")}
        </Button>
      </form>
    </Panel>
  );
}
