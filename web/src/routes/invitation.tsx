import { useQuery } from "@tanstack/react-query";
import { createFileRoute } from "@tanstack/react-router";
import { post } from "@/api/post";
import { keyOf } from "@/api/query";
import { useI18n } from "@/i18n";
import { Accept } from "@/session/accept";
import { BackToLogin } from "@/session/back-to-login";
import { Card } from "@/session/card";
import { INVITATION } from "@/session/enter";
import { useHashToken } from "@/session/hash";
import { Bones, Empty, Failed } from "@/ui/shown";

/** Where an invitation's link leads. */
export const Route = createFileRoute("/invitation")({ component: Invitation });

function Invitation() {
  const { t } = useI18n();
  const token = useHashToken() ?? "";
  const query = useQuery({
    queryKey: keyOf(INVITATION, { token }),
    queryFn: () => post(INVITATION, { token }),
    // Once it is accepted it is gone, which nobody needs to be told.
    refetchInterval: false,
    refetchOnWindowFocus: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const invitation = query.data?.invitation;
  if (invitation) return <Accept token={token} invitation={invitation} />;
  const gone = query.isSuccess || query.error?.code === "NOT_FOUND" || query.error?.code === "BAD_INPUT";
  return (
    <Card title={t("common.invitation")} below={<BackToLogin />}>
      {query.isPending && <Bones rows={3} />}
      {gone && <Empty title={t("login.inviteGone")} hint={t("login.inviteGoneHint")} />}
      {!gone && query.error && <Failed error={query.error} retry={() => void query.refetch()} />}
    </Card>
  );
}
