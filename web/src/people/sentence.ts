import * as v from "valibot";
import type { AuditRowFragment, Role, Scope } from "@/gql/graphql";
import { type Translate, useI18n } from "@/i18n";

/** What an entry's detail may carry, by action; whatever else it has is not told. */
const DETAIL = v.object({
  before: v.fallback(v.optional(v.union([v.string(), v.array(v.number())])), undefined),
  after: v.fallback(v.optional(v.union([v.string(), v.array(v.number())])), undefined),
  name: v.fallback(v.optional(v.string()), undefined),
  email: v.fallback(v.optional(v.string()), undefined),
  role: v.fallback(v.optional(v.string()), undefined),
  phone: v.fallback(v.optional(v.string()), undefined),
  enabled: v.fallback(v.optional(v.boolean()), undefined),
  amount: v.fallback(v.optional(v.number()), undefined),
  scopes: v.fallback(v.optional(v.array(v.string())), undefined),
});

type Detail = v.InferOutput<typeof DETAIL>;
type Entry = Pick<AuditRowFragment, "action" | "target" | "detail">;

/** An entry as a sentence; `names` has the members and accounts that there are, by id. */
export function useSentence(names: Map<string, string>): (entry: Entry) => string {
  const { t } = useI18n();
  return (entry) => sentence(entry, names, t);
}

export function sentence(
  { action, target, detail }: Entry,
  names: Map<string, string>,
  t: Translate,
): string {
  const parsed = v.safeParse(DETAIL, detail ?? {});
  const told = parsed.success ? parsed.output : v.parse(DETAIL, {});
  const name = names.get(target ?? "");
  const named = { who: name ?? t("audit.formerMember"), account: name ?? t("audit.someAccount") };
  return SENTENCES.get(action)?.(told, t, named) ?? t("audit.unknownAction", { action });
}

/** What was changed, as the one or the other. */
interface Target {
  who: string;
  account: string;
}

type Tell = (detail: Detail, t: Translate, target: Target) => string;

const SENTENCES = new Map<string, Tell>(
  Object.entries({
    "workspace.create": (_, t) => t("audit.workspaceCreate"),
    "workspace.rename": (detail, t) => t("audit.workspaceRename", change(detail)),
    "workspace.delete": (_, t) => t("audit.workspaceDelete"),
    "webhook.generate_url": (_, t) => t("audit.webhookGenerate"),
    "webhook.reveal_url": (_, t) => t("audit.webhookReveal"),
    "webhook.download_log": (_, t) => t("audit.webhookLog"),
    "webhook.set_enabled": ({ enabled }, t) => t(enabled ? "audit.webhookOn" : "audit.webhookOff"),
    "account.connect": ({ phone = "" }, t) =>
      t("audit.accountConnect", { phone: `+${phone.replace(/^\+/, "")}` }),
    "account.reconnect": (_, t, { account }) => t("audit.accountReconnect", { account }),
    "account.rename": (detail, t) => t("audit.accountRename", change(detail)),
    "account.set_pace": (detail, t, { account }) => t("audit.accountPace", { account, ...pace(detail, t) }),
    "account.set_daily_cap": (_, t, { account }) => t("audit.accountCap", { account }),
    "account.set_template": (_, t, { account }) => t("audit.accountTemplate", { account }),
    "account.update_credentials": (_, t, { account }) => t("audit.accountCredentials", { account }),
    "account.pause": (_, t, { account }) => t("audit.accountPause", { account }),
    "account.resume": (_, t, { account }) => t("audit.accountResume", { account }),
    "account.disconnect": (_, t, { account }) => t("audit.accountDisconnect", { account }),
    "chat.rename": (detail, t) => t("audit.chatRename", change(detail)),
    "member.set_role": ({ before, after }, t, { who }) =>
      t("audit.memberRole", { who, before: role(before, t), after: role(after, t) }),
    "member.remove": (detail, t, { who }) => t("audit.memberRemove", { who, role: role(detail.role, t) }),
    "member.leave": (_, t) => t("audit.memberLeave"),
    "invitation.create": ({ email = "", ...detail }, t) =>
      t("audit.invitationCreate", { email, role: role(detail.role, t) }),
    "invitation.revoke": ({ email = "" }, t) => t("audit.invitationRevoke", { email }),
    "invitation.accept": (detail, t) => t("audit.invitationAccept", { role: role(detail.role, t) }),
    "api_token.create": ({ name = "", scopes = [] }, t) =>
      t("audit.tokenCreate", { name, scopes: scopes.map((each) => scope(each, t)).join("; ") }),
    "api_token.revoke": ({ name = "" }, t) => t("audit.tokenRevoke", { name }),
    "credits.export": (_, t) => t("audit.creditsExport"),
    "credits.grant": ({ amount = 0 }, t) =>
      t(amount < 0 ? "audit.creditsAdjust" : "audit.creditsGrant", {
        credits: t("common.credits", { count: Math.abs(amount) }),
      }),
  } satisfies Record<string, Tell>),
);

function change({ before, after }: Detail): { before: string; after: string } {
  return { before: String(before ?? ""), after: String(after ?? "") };
}

/** In seconds. */
function pace({ before, after }: Detail, t: Translate): { before: string; after: string } {
  const told = (range: Detail["before"]) => {
    if (!Array.isArray(range)) return "";
    const [min = 0, max = 0] = range.map((ms) => ms / 1_000);
    return t("audit.paceRange", { min, max });
  };
  return { before: told(before), after: told(after) };
}

const ROLES: readonly Role[] = ["OWNER", "ADMIN", "MEMBER"];
const SCOPES: readonly Scope[] = ["WORKSPACE_READ", "MESSAGES_WRITE", "BILLING_READ", "BILLING_WRITE"];

function role(value: Detail["before"], t: Translate): string {
  const known = ROLES.find((each) => each === String(value).toUpperCase());
  return known ? t(`enums.Role.${known}`) : String(value ?? "");
}

/** Written down as `messages:write`. */
function scope(value: string, t: Translate): string {
  const known = SCOPES.find((each) => each === value.toUpperCase().replace(":", "_"));
  return known ? t(`enums.Scope.${known}`) : value;
}
