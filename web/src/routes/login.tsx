import { Anchor, Button, Stack, Text } from "@mantine/core";
import { createFileRoute, useRouter } from "@tanstack/react-router";
import { type FormEvent, useEffect, useRef, useState } from "react";
import * as v from "valibot";
import { accessToken } from "@/api/session";
import { useI18n } from "@/i18n";
import { Card } from "@/session/card";
import classes from "@/session/card.module.css";
import { Complaint } from "@/session/complaint";
import { LOG_IN, OPEN_DEMO, REDEEM_LINK, theirs, useEnter, useService } from "@/session/enter";
import { Email, KnownPassword } from "@/session/fields";
import { lastWorkspaceId } from "@/shell/workspaces";
import { textParam } from "@/ui/filters";
import { Link } from "@/ui/link";

/** Logging in: by password, by a one-time link, or into the demo. */
export const Route = createFileRoute("/login")({
  validateSearch: v.object({ link: textParam, next: textParam }),
  component: LogIn,
});

function LogIn() {
  const { t } = useI18n();
  const { link, next } = Route.useSearch();
  const { data } = useService();
  const [linkFailed, setLinkFailed] = useState(false);
  useGoOn(next, !link);
  return (
    <Card
      title={t(lastWorkspaceId() ? "login.welcome" : "login.welcomeNew")}
      above={
        <>
          {link && <Redeem token={link} next={next} onFailed={() => setLinkFailed(true)} />}
          {data?.service.demo && (!link || linkFailed) && <Demo next={next} />}
        </>
      }
      below={
        data?.service.signUpOpen && (
          <>
            {t("login.newHere")}{" "}
            <Anchor component={Link} to="/signup" underline="always">
              {t("login.signUp")}
            </Anchor>
          </>
        )
      }
    >
      <ByPassword next={next} />
    </Card>
  );
}

/** Whoever is logged in has nothing to do here. */
function useGoOn(next: string | undefined, may: boolean): void {
  const router = useRouter();
  useEffect(() => {
    if (!may) return;
    let isHere = true;
    const goOn = async () => {
      await accessToken();
      const to = await theirs(router.options.context.queries, next);
      if (isHere) await router.navigate({ to, replace: true });
    };
    // Nobody is logged in, or that cannot be asked: this is the page for it.
    goOn().catch(() => {});
    return () => {
      isHere = false;
    };
  }, [router, next, may]);
}

function ByPassword({ next }: { next?: string }) {
  const { t } = useI18n();
  const logIn = useEnter(LOG_IN, next);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    logIn.mutate({ email: String(form.get("email")), password: String(form.get("password")) });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Email knownAs="username" />
        <KnownPassword />
        <Anchor component={Link} to="/reset-password" size="sm" underline="always" w="fit-content">
          {t("login.forgot")}
        </Anchor>
        <Complaint error={logIn.error} saying={{ UNAUTHENTICATED: t("login.wrong") }} />
        <Button type="submit" fullWidth loading={logIn.isPending}>
          {t("login.submit")}
        </Button>
      </Stack>
    </form>
  );
}

function Demo({ next }: { next?: string }) {
  const { t } = useI18n();
  const open = useEnter(OPEN_DEMO, next);
  return (
    <section className={classes.demo}>
      <strong>{t("login.demoTitle")}</strong>
      <p>{t("login.demoHint")}</p>
      <Button fullWidth loading={open.isPending} onClick={() => open.mutate({})}>
        {t("login.openDemo")}
      </Button>
      <Complaint error={open.error} />
    </section>
  );
}

/** A one-time link is used at once, and leaves the address. */
function Redeem({ token, next, onFailed }: { token: string; next?: string; onFailed: () => void }) {
  const { t } = useI18n();
  const redeem = useEnter(REDEEM_LINK, next);
  const used = useRef(false);
  useEffect(() => {
    if (used.current) return;
    used.current = true;
    redeem.mutate({ token }, { onError: onFailed });
  }, [redeem, token, onFailed]);
  return (
    <section className={classes.demo}>
      {redeem.error ? (
        <Complaint error={redeem.error} saying={{ BAD_INPUT: t("login.linkFailed") }} />
      ) : (
        <Text role="status">{t("login.linkWorking")}</Text>
      )}
    </section>
  );
}
