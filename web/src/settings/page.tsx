import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import type { FormEvent, ReactNode } from "react";
import { useAsk, useDo } from "@/api/query";
import type { ProfileQuery } from "@/gql/graphql";
import { useI18n } from "@/i18n";
import { Another } from "@/people/another";
import { Complaint } from "@/session/complaint";
import { LanguageSwitch, ThemeSwitch } from "@/shell/preferences";
import { useWhoAmI } from "@/shell/workspaces";
import { Page, Panel } from "@/ui/page";
import { Empty, Shown } from "@/ui/shown";
import { tellDone } from "@/ui/toasts";
import { PROFILE, UPDATE_ME } from "./documents";
import classes from "./page.module.css";
import { Password } from "./password";
import { Sessions } from "./sessions";

/** The person, how things look to them, and where they are logged in. */
export function ProfilePage() {
  const { t } = useI18n();
  const query = useAsk(PROFILE, {});
  const save = useDo(UPDATE_ME);
  return (
    <Page title={t("settings.profile")} hint={t("settings.profileHint")}>
      <Stack gap="lg" maw={720}>
        <NoWorkspace />
        <Panel title={t("settings.appearance")}>
          <Stack gap="lg">
            <Choice label={t("common.theme")} hint={t("settings.themeHint")}>
              <ThemeSwitch />
            </Choice>
            <Choice label={t("common.language")} hint={t("settings.languageHint")}>
              <LanguageSwitch onChoose={(locale) => save.mutate({ locale })} />
            </Choice>
          </Stack>
        </Panel>
        <Shown query={query}>
          {({ me }) =>
            me && (
              <>
                <You me={me} />
                <Password email={me.email} />
                <Sessions sessions={me.sessions} />
              </>
            )
          }
        </Shown>
      </Stack>
    </Page>
  );
}

/** Who is in no workspace lands here. */
function NoWorkspace() {
  const { t } = useI18n();
  const { data } = useWhoAmI();
  if (data?.workspaces.length !== 0) return null;
  return (
    <>
      <Panel>
        <Empty title={t("settings.noWorkspace")} hint={t("settings.noWorkspaceHint")} />
      </Panel>
      <Another />
    </>
  );
}

function Choice({ label, hint, children }: { label: string; hint: string; children: ReactNode }) {
  return (
    <Group justify="space-between" gap="sm">
      <div>
        <Text fw={550}>{label}</Text>
        <Text size="sm" c="dimmed">
          {hint}
        </Text>
      </div>
      {children}
    </Group>
  );
}

function You({ me }: { me: NonNullable<ProfileQuery["me"]> }) {
  const { t } = useI18n();
  const save = useDo(UPDATE_ME, { quiet: true, onDone: () => tellDone(t("settings.saved")) });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    save.mutate({ name: String(new FormData(event.currentTarget).get("name")) });
  };
  return (
    <Panel title={t("settings.you")}>
      <form className={classes.form} onSubmit={submit}>
        <TextInput label={t("settings.email")} value={me.email} readOnly variant="filled" />
        <TextInput
          name="name"
          label={t("settings.name")}
          description={t("settings.nameHint")}
          defaultValue={me.name}
          autoComplete="name"
          required
          withAsterisk={false}
        />
        <Complaint error={save.error} />
        <Button type="submit" variant="default" loading={save.isPending} w="fit-content">
          {t("settings.save")}
        </Button>
      </form>
    </Panel>
  );
}
