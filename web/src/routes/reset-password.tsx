import { Button, Code, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import type { FormEvent } from "react";
import type { ApiError } from "@/api/errors";
import { post } from "@/api/post";
import { useI18n } from "@/i18n";
import { BackToLogin } from "@/session/back-to-login";
import { Card } from "@/session/card";
import { Complaint } from "@/session/complaint";
import { REQUEST_RESET, RESET_PASSWORD, useEnter, useService } from "@/session/enter";
import { Email, NewPassword } from "@/session/fields";
import { useHashToken } from "@/session/hash";
import { Shown } from "@/ui/shown";

/** Without a token: asking for a link. With one: another password. */
export const Route = createFileRoute("/reset-password")({ component: Reset });

function Reset() {
  const { t } = useI18n();
  const token = useHashToken();
  return (
    <Card title={t(token ? "login.resetTitle" : "login.forgotTitle")} below={<BackToLogin />}>
      {token ? <Choose token={token} /> : <Ask />}
    </Card>
  );
}

function Ask() {
  const service = useService();
  return (
    <Shown query={service}>{({ service }) => (service.emailEnabled ? <ByMail /> : <ByOperator />)}</Shown>
  );
}

function ByMail() {
  const { t } = useI18n();
  const request = useMutation<unknown, ApiError, string>({
    mutationFn: (email) => post(REQUEST_RESET, { email }),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    request.mutate(String(new FormData(event.currentTarget).get("email")));
  };
  if (request.isSuccess) return <Text role="status">{t("login.forgotSent")}</Text>;
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Text c="dimmed">{t("login.forgotHint")}</Text>
        <Email knownAs="username" />
        <Complaint error={request.error} />
        <Button type="submit" fullWidth loading={request.isPending}>
          {t("login.forgotSubmit")}
        </Button>
      </Stack>
    </form>
  );
}

/** Where no mail is sent, only the operator can help. */
function ByOperator() {
  const { t } = useI18n();
  return (
    <Stack gap="sm">
      <Text>{t("login.forgotNoMail")}</Text>
      <Text c="dimmed">{t("login.forgotCommand")}</Text>
      <Code block>nhip user password-link you@example.com</Code>
    </Stack>
  );
}

function Choose({ token }: { token: string }) {
  const { t } = useI18n();
  const reset = useEnter(RESET_PASSWORD);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    reset.mutate({ token, newPassword: String(new FormData(event.currentTarget).get("password")) });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Text c="dimmed">{t("login.resetHint")}</Text>
        <NewPassword label={t("login.newPassword")} />
        <Complaint
          error={reset.error}
          saying={reset.error?.field === "token" ? { BAD_INPUT: t("login.resetFailed") } : undefined}
        />
        <Button type="submit" fullWidth loading={reset.isPending}>
          {t("login.resetSubmit")}
        </Button>
      </Stack>
    </form>
  );
}
