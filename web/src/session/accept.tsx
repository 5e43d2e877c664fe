import { Button, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import type { FormEvent } from "react";
import { ask } from "@/api/ask";
import { ApiError } from "@/api/errors";
import { post } from "@/api/post";
import { accessToken, enter, logOut, openSession } from "@/api/session";
import { graphql } from "@/gql";
import type { AcceptInvitationMutationVariables, InvitationQuery } from "@/gql/graphql";
import { useI18n } from "@/i18n";
import { rememberWorkspace, whoAmI } from "@/shell/workspaces";
import { Bones } from "@/ui/shown";
import { Card } from "./card";
import { Complaint } from "./complaint";
import { ACCEPT, LOG_IN } from "./enter";
import { KnownPassword, NewPassword } from "./fields";

const WHO = graphql(`query WhoAcceptsIt { me { email name } }`);

interface Props {
  token: string;
  invitation: NonNullable<InvitationQuery["invitation"]>;
}

/** An invitation that is good: for somebody new, for who has an account, and for who is logged in with it. */
export function Accept(props: Props) {
  const { t } = useI18n();
  const { workspaceName, role, email, userExists } = props.invitation;
  return (
    <Card title={t("login.inviteTitle", { workspace: workspaceName })}>
      <Stack gap="md">
        <Text>{t("login.inviteAs", { role: t(`enums.Role.${role}`), email })}</Text>
        {userExists ? <Known {...props} /> : <Newcomer {...props} />}
      </Stack>
    </Card>
  );
}

function Newcomer({ token, invitation }: Props) {
  const { t, locale } = useI18n();
  const accept = useAccept(invitation.workspaceName);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    accept.mutate({ token, name: String(form.get("name")), password: String(form.get("password")), locale });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <input type="hidden" name="email" autoComplete="username" value={invitation.email} />
        <TextInput name="name" label={t("login.name")} autoComplete="name" required withAsterisk={false} />
        <NewPassword />
        <Refused error={accept.error} />
        <Button type="submit" fullWidth loading={accept.isPending}>
          {t("login.inviteNew")}
        </Button>
      </Stack>
    </form>
  );
}

/** Whoever has an account must be logged in with it: the link alone opens nobody's. */
function Known(props: Props) {
  const { t } = useI18n();
  const { email } = props.invitation;
  const who = useQuery({ queryKey: ["whoever is logged in"], queryFn: whoever, staleTime: 0 });
  if (who.isPending) return <Bones rows={2} />;
  const me = who.data;
  if (!me) return <LogIn {...props} />;
  if (me.email !== email)
    return (
      <>
        <Text>{t("login.inviteOther", { other: me.email, email })}</Text>
        <Button variant="default" onClick={() => void logOut().then(() => who.refetch())}>
          {t("common.logOut")}
        </Button>
      </>
    );
  return <LoggedIn {...props} name={me.name} />;
}

/** Nobody, where nobody is logged in. */
async function whoever() {
  try {
    await accessToken();
  } catch (err) {
    if (ApiError.of(err).code === "UNAUTHENTICATED") return null;
    throw err;
  }
  return (await ask(WHO, {})).me ?? null;
}

function LoggedIn({ token, invitation, name }: Props & { name: string }) {
  const { t } = useI18n();
  const accept = useAccept(invitation.workspaceName);
  return (
    <>
      <Refused error={accept.error} />
      <Button fullWidth loading={accept.isPending} onClick={() => accept.mutate({ token })}>
        {t("login.inviteAccept", { name })}
      </Button>
    </>
  );
}

function LogIn({ token, invitation }: Props) {
  const { t } = useI18n();
  const accept = useAccept(invitation.workspaceName);
  const logIn = useMutation<unknown, ApiError, string>({
    mutationFn: async (password) => {
      await openSession(async () => (await post(LOG_IN, { email: invitation.email, password })).session);
      await accept.mutateAsync({ token });
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    logIn.mutate(String(new FormData(event.currentTarget).get("password")));
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Text c="dimmed">{t("login.inviteKnown")}</Text>
        <input type="hidden" name="email" autoComplete="username" value={invitation.email} />
        <KnownPassword />
        <Refused error={logIn.error} />
        <Button type="submit" fullWidth loading={logIn.isPending}>
          {t("login.inviteLogIn")}
        </Button>
      </Stack>
    </form>
  );
}

function Refused({ error }: { error: ApiError | null }) {
  const { t } = useI18n();
  const saying = {
    UNAUTHENTICATED: t("login.wrong"),
    NOT_FOUND: t("login.inviteGone"),
    CONFLICT: t("login.inviteMember"),
  };
  return <Complaint error={error} saying={saying} />;
}

/** Accepts, as whoever is logged in or as somebody new, and opens the workspace. */
function useAccept(workspaceName: string) {
  const router = useRouter();
  return useMutation<unknown, ApiError, AcceptInvitationMutationVariables>({
    mutationFn: async (variables) => {
      if (variables.password) await openSession(async () => (await post(ACCEPT, variables)).session);
      else enter((await ask(ACCEPT, variables)).session);
      const { queries } = router.options.context;
      await queries.invalidateQueries();
      const { workspaces } = await queries.fetchQuery({ ...whoAmI, staleTime: 0 });
      // The newest of that name: one may be in several.
      const joined = workspaces.filter(({ name }) => name === workspaceName).at(-1);
      if (joined) rememberWorkspace(joined.id);
      await router.navigate({ to: "/", replace: true });
    },
  });
}
