import { Anchor, Button, Stack, Text, TextInput } from "@mantine/core";
import { createFileRoute } from "@tanstack/react-router";
import type { FormEvent } from "react";
import { useI18n } from "@/i18n";
import { Card } from "@/session/card";
import { Complaint } from "@/session/complaint";
import { SIGN_UP, useEnter, useService } from "@/session/enter";
import { Email, NewPassword } from "@/session/fields";
import { Link } from "@/ui/link";

/** A new person, with their first workspace. */
export const Route = createFileRoute("/signup")({ component: SignUp });

function SignUp() {
  const { t } = useI18n();
  const { data } = useService();
  return (
    <Card
      title={t("login.signUpTitle")}
      below={
        <>
          {t("login.haveOne")}{" "}
          <Anchor component={Link} to="/login" underline="always">
            {t("login.submit")}
          </Anchor>
        </>
      }
    >
      {data?.service.signUpOpen === false ? <Text>{t("login.closed")}</Text> : <Form />}
    </Card>
  );
}

function Form() {
  const { t, locale } = useI18n();
  const signUp = useEnter(SIGN_UP);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const field = (name: string) => String(form.get(name));
    signUp.mutate({
      email: field("email"),
      password: field("password"),
      name: field("name"),
      workspaceName: field("workspaceName"),
      locale,
    });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <TextInput name="name" label={t("login.name")} autoComplete="name" required withAsterisk={false} />
        <Email knownAs="email" />
        <NewPassword />
        <TextInput
          name="workspaceName"
          label={t("login.workspaceName")}
          description={t("login.workspaceHint")}
          autoComplete="organization"
          required
          withAsterisk={false}
        />
        <Complaint
          error={signUp.error}
          saying={{
            CONFLICT: (
              <>
                {t("login.taken")}{" "}
                <Anchor component={Link} to="/login" underline="always" c="inherit">
                  {t("login.submit")}
                </Anchor>
              </>
            ),
          }}
        />
        <Button type="submit" fullWidth loading={signUp.isPending}>
          {t("login.signUpSubmit")}
        </Button>
      </Stack>
    </form>
  );
}
