//! Who may use which field: the one table that the resolvers and the tests share. A field without a line here is nobody's,
//! and fails the tests.

use async_graphql::{Context, parser::types::OperationType};
use nhip_domain::{
    Refusal,
    tenant::{Right, Tenant},
};
use nhip_entity::api_token::Scope;

/// Who may use a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    /// Anyone, logged in or not.
    Anyone,
    /// Any caller.
    Known,
    /// Any person.
    Person,
    /// Whoever has the right in the workspace that the arguments lead to; to all others that does not exist.
    May(Right),
    /// Programs with the scope: in their workspace, or, where they are bound to none, in any.
    Bill(Scope),
    /// Programs with the scope: what is their workspace's, or, where they are bound to none, everyone's.
    ReadLedgers(Scope),
    /// Whoever was given the object. What leads on from there to other objects of the workspace, only its readers may read.
    Holder,
}

/// Fields that the same people may use.
pub(crate) struct Rule {
    pub(crate) on: &'static str,
    pub(crate) fields: &'static str,
    pub(crate) who: Who,
}

const fn rule(on: &'static str, fields: &'static str, who: Who) -> Rule {
    Rule { on, fields, who }
}

use Right::{Administer, Leave, Own, Read, Send};
use Who::{Anyone, Bill, Holder, Known, May, Person, ReadLedgers};

/// The table.
pub(crate) const RULES: &[Rule] = &[
    rule("Query", "service invitation", Anyone),
    rule("Query", "me workspaces", Known),
    rule("Query", "workspace", May(Read)),
    rule("Query", "creditEntries workspaceBalances", ReadLedgers(Scope::BillingRead)),
    rule("Mutation", "signUp logIn redeemLoginLink refreshSession requestPasswordReset resetPassword", Anyone),
    rule("Mutation", "acceptInvitation openDemo", Anyone),
    rule("Mutation", "logOut revokeSession updateMe changePassword createWorkspace", Person),
    rule("Mutation", "leaveWorkspace", May(Leave)),
    rule("Mutation", "renameWorkspace deleteWorkspace", May(Own)),
    rule("Mutation", "inviteMember revokeInvitation setMemberRole removeMember", May(Administer)),
    rule("Mutation", "createApiToken revokeApiToken", May(Administer)),
    rule("Mutation", "setWebhookEnabled generateWebhookUrl revealWebhookUrl", May(Administer)),
    rule("Mutation", "connectAccount renameAccount setAccountPace setAccountDailyCap", May(Administer)),
    rule("Mutation", "pauseAccount resumeAccount reconnectAccount disconnectAccount", May(Administer)),
    rule("Mutation", "updateCloudApiCredentials setAccountTemplate", May(Administer)),
    rule("Mutation", "sendMessage resendMessage cancelMessages renameChat checkFileUrl", May(Send)),
    rule("Mutation", "grantCredits", Bill(Scope::BillingWrite)),
    rule("Subscription", "messageChanged activationLogged accountChanged webhookChanged creditsChanged", May(Read)),
    rule("Subscription", "accountPairing", May(Read)),
    rule("Workspace", "id name createdAt myRole incomingWebhook accounts account chats chat", Holder),
    rule("Workspace", "messages message queue credits members activity", Holder),
    rule("Workspace", "invitations apiTokens auditLog", May(Administer)),
    rule("Account", "id phone name gateway capabilities state reason reasonDetail restrictedUntil", Holder),
    rule("Account", "dailyCap cappedUntil heldUntil", Holder),
    rule(
        "Account",
        "connectedAt createdAt isDefault pace queued queuedCredits nextSendAt drainsAt callbackUrl template",
        Holder,
    ),
    rule("AccountConnection", "pageInfo edges nodes totalCount", Holder),
    rule("AccountEdge", "node cursor", Holder),
    rule("Activation", "id sequence at outcome httpStatus refusal answer field line column message messageId", Holder),
    rule("Activation", "requestBody requestBodyBase64 requestBodyTruncated responseBody ignoredFields", Holder),
    rule("Activation", "remoteAddress userAgent durationMs", Holder),
    rule("ActivityBucket", "at accepted refused sent delivered read failed canceled chargedCredits", Holder),
    rule("ActivityBucket", "restoredCredits", Holder),
    rule("ApiToken", "id name scopes hint createdBy createdAt lastUsedAt expiresAt", Holder),
    rule("AuditEntry", "id at actor action target detail remoteAddress userAgent", Holder),
    rule("AuditEntryConnection", "pageInfo edges nodes totalCount", Holder),
    rule("AuditEntryEdge", "node cursor", Holder),
    rule("CanceledMessages", "count creditsRestored messages", Holder),
    rule("Chat", "id kind name jid phone account lastMessageAt lastIncomingAt replyWindowEndsAt messages", Holder),
    rule("ChatConnection", "pageInfo edges nodes totalCount", Holder),
    rule("ChatEdge", "node cursor", Holder),
    rule("CreatedApiToken", "token apiToken", Holder),
    rule("CreatedInvitation", "url emailSent invitation", Holder),
    rule("CreditEntry", "id workspaceId workspaceName kind amount balanceAfter messageId failure reason", Holder),
    rule("CreditEntry", "idempotencyKey at", Holder),
    rule("CreditEntryConnection", "pageInfo edges nodes totalCount", Holder),
    rule("CreditEntryEdge", "node cursor", Holder),
    rule("CreditTotals", "granted charged restored adjusted", Holder),
    rule("Credits", "balance queued entries totals export", Holder),
    rule("PairingEvent", "qrCode pairingCode expiresAt state reason", Holder),
    rule("FileCheck", "ok reason detail host directUrl fileName size mime", Holder),
    rule("GrantedCredits", "entry credits repeated", Holder),
    rule("IncomingWebhook", "enabled urlHint urlCreatedAt lastActivation activations log", Holder),
    rule("Invitation", "id email role invitedBy expiresAt", Holder),
    rule("InvitationPreview", "workspaceName email role userExists expiresAt", Holder),
    rule("LoginSession", "id current createdAt lastUsedAt remoteAddress userAgent", Holder),
    rule("Member", "user role joinedAt", Holder),
    rule("Message", "id status waitingFor failure failureDetail suggestedFileUrl text fileUrl fileName", Holder),
    rule("Message", "fileSize fileMime recipient recipientKind source chat account credits creditsRestored", Holder),
    rule(
        "Message",
        "createdAt sentAt deliveredAt readAt failedAt queuePosition expectedSendAt history textErased",
        Holder,
    ),
    rule("MessageConnection", "pageInfo edges nodes totalCount", Holder),
    rule("MessageEdge", "node cursor", Holder),
    rule("Pace", "minMs maxMs", Holder),
    rule("PageInfo", "hasNextPage hasPreviousPage startCursor endCursor", Holder),
    rule("Queue", "queued queuedCredits sending oldestQueuedAt", Holder),
    rule("Service", "version signUpOpen emailEnabled demo gateways", Holder),
    rule("Session", "accessToken accessTokenExpiresAt refreshToken user", Holder),
    rule("StatusChange", "status at detail", Holder),
    rule("Template", "name language", Holder),
    rule("TextFile", "name mime content", Holder),
    // Nobody sees another's sessions: for others the list is empty.
    rule("User", "id email name locale sessions", Holder),
    rule("WebhookUrl", "url webhook", Holder),
    rule("WorkspaceBalance", "workspaceId workspaceName balance queued", Holder),
    rule("WorkspaceBalanceConnection", "pageInfo edges nodes totalCount", Holder),
    rule("WorkspaceBalanceEdge", "node cursor", Holder),
];

/// Who may use a field; none where no line says so.
pub(crate) fn who(on: &str, field: &str) -> Option<Who> {
    let mut lines = RULES.iter().filter(|rule| rule.on == on);
    lines.find(|rule| rule.fields.split(' ').any(|name| name == field)).map(|rule| rule.who)
}

/// Refuses whoever may not use the operation's field that is being answered, in the workspace that it leads to.
pub(crate) fn check(ctx: &Context<'_>, tenant: &Tenant) -> Result<(), Refusal> {
    let on = match ctx.query_env.operation.node.ty {
        OperationType::Query => "Query",
        OperationType::Mutation => "Mutation",
        OperationType::Subscription => "Subscription",
    };
    match who(on, ctx.field().name()) {
        Some(May(right)) => tenant.may(right),
        Some(Anyone | Known | Person | Bill(_) | ReadLedgers(_) | Holder) | None => {
            tracing::error!(field = ctx.field().name(), "a field of a workspace's without a rule is nobody's");
            Err(Refusal::Forbidden("Nobody may do this".to_owned()))
        }
    }
}
