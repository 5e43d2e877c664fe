import { Button, TextInput } from "@mantine/core";
import { useRouter } from "@tanstack/react-router";
import type { FormEvent } from "react";
import { useDo } from "@/api/query";
import { useI18n } from "@/i18n";
import { Complaint } from "@/session/complaint";
import { useService } from "@/session/enter";
import { Panel } from "@/ui/page";
import { tellDone } from "@/ui/toasts";
import { CREATE_WORKSPACE } from "./documents";
import classes from "./layout.module.css";

/** A further workspace, where the installation lets everybody make one. */
export function Another() {
  const { t } = useI18n();
  const service = useService();
  const router = useRouter();
  const create = useDo(CREATE_WORKSPACE, {
    quiet: true,
    onDone: async ({ createWorkspace }) => {
      tellDone(t("people.anotherDone"));
      await router.options.context.queries.invalidateQueries();
      await router.navigate({ to: "/w/$workspaceId", params: { workspaceId: createWorkspace.id } });
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    create.mutate({ name: String(new FormData(event.currentTarget).get("another")) });
  };
  if (!service.data?.service.signUpOpen) return null;
  return (
    <Panel title={t("people.another")}>
      <form className={classes.form} onSubmit={submit}>
        <p className={classes.note}>{t("people.anotherHint")}</p>
        <TextInput name="another" label={t("login.workspaceName")} required withAsterisk={false} />
        <Complaint error={create.error} />
        <Button type="submit" variant="default" loading={create.isPending} w="fit-content">
          {t("people.anotherSubmit")}
        </Button>
      </form>
    </Panel>
  );
}
