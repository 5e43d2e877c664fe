import { Group, Stack, Text } from "@mantine/core";
import { createFileRoute } from "@tanstack/react-router";
import { useAsk } from "@/api/query";
import { graphql } from "@/gql";
import type { ProfileQuery } from "@/gql/graphql";
import { useI18n } from "@/i18n";
import { LanguageSwitch, ThemeSwitch } from "@/shell/preferences";
import { Facts, Page, Panel } from "@/ui/page";
import { Shown } from "@/ui/shown";
import { Time } from "@/ui/time";

const PROFILE = graphql(`
  query Profile {
    me { name email sessions { id current lastUsedAt remoteAddress userAgent } }
  }
`);

/** The person, and how things look to them. */
export const Route = createFileRoute("/_in/settings/profile")({ component: Profile });

function Profile() {
  const { t } = useI18n();
  const profile = useAsk(PROFILE, {});
  return (
    <Page title={t("settings.profile")} hint={t("settings.profileHint")}>
      <Stack gap="lg" maw={720}>
        <Panel title={t("settings.appearance")}>
          <Stack gap="lg">
            <Choice label={t("common.theme")} hint={t("settings.themeHint")}>
              <ThemeSwitch />
            </Choice>
            <Choice label={t("common.language")} hint={t("settings.languageHint")}>
              <LanguageSwitch />
            </Choice>
          </Stack>
        </Panel>
        <Shown query={profile}>
          {({ me }) =>
            me && (
              <>
                <Panel title={t("settings.you")}>
                  <Facts
                    of={[
                      [t("settings.name"), me.name],
                      [t("settings.email"), me.email],
                    ]}
                  />
                </Panel>
                <Sessions sessions={me.sessions} />
              </>
            )
          }
        </Shown>
      </Stack>
    </Page>
  );
}

function Choice({ label, hint, children }: { label: string; hint: string; children: React.ReactNode }) {
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

type Session = NonNullable<ProfileQuery["me"]>["sessions"][number];

function Sessions({ sessions }: { sessions: Session[] }) {
  const { t } = useI18n();
  return (
    <Panel title={t("settings.sessions")}>
      <Stack gap="md">
        {sessions.map(({ id, current, lastUsedAt, remoteAddress, userAgent }) => (
          <Group key={id} justify="space-between" wrap="nowrap" align="flex-start">
            <div>
              <Text lineClamp={1}>{userAgent ?? t("settings.unknownDevice")}</Text>
              <Text size="sm" c="dimmed">
                {remoteAddress} · {t("settings.lastUsed")} <Time at={lastUsedAt} />
              </Text>
            </div>
            {current && (
              <Text fw={550} style={{ whiteSpace: "nowrap" }}>
                {t("settings.thisOne")}
              </Text>
            )}
          </Group>
        ))}
      </Stack>
    </Panel>
  );
}
