//! What each mutation leaves in the audit trail. A mutation without a line here fails the tests.

/// An entry, or the reason why there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trail {
    As(&'static str),
    None(&'static str),
}

use Trail::As;

pub(super) const TRAILS: &[(&str, Trail)] = &[
    ("acceptInvitation", As("invitation.accept")),
    ("cancelMessages", Trail::None("changes no setting: the messages and the ledger tell")),
    ("changePassword", As("user.change_password")),
    ("checkFileUrl", Trail::None("changes nothing")),
    ("connectAccount", As("account.connect")),
    ("createApiToken", As("api_token.create")),
    ("createWorkspace", As("workspace.create")),
    ("deleteWorkspace", As("workspace.delete")),
    ("disconnectAccount", As("account.disconnect")),
    ("generateWebhookUrl", As("webhook.generate_url")),
    ("grantCredits", As("credits.grant")),
    ("inviteMember", As("invitation.create")),
    ("leaveWorkspace", As("member.leave")),
    ("logIn", As("session.log_in")),
    ("logOut", As("session.log_out")),
    ("openDemo", As("session.redeem_link")),
    ("pauseAccount", As("account.pause")),
    ("reconnectAccount", As("account.reconnect")),
    ("redeemLoginLink", As("session.redeem_link")),
    ("refreshSession", Trail::None("every quarter of an hour, of everyone")),
    ("removeMember", As("member.remove")),
    ("renameAccount", As("account.rename")),
    ("renameChat", As("chat.rename")),
    ("renameWorkspace", As("workspace.rename")),
    ("requestPasswordReset", Trail::None("answers before it looks; user.request_password_reset follows with the mail")),
    ("resendMessage", Trail::None("changes no setting: the message and the ledger tell")),
    ("resetPassword", As("user.reset_password")),
    ("resumeAccount", As("account.resume")),
    ("revealWebhookUrl", As("webhook.reveal_url")),
    ("revokeApiToken", As("api_token.revoke")),
    ("revokeInvitation", As("invitation.revoke")),
    ("revokeSession", As("session.revoke")),
    ("sendMessage", Trail::None("changes no setting: the message and the ledger tell")),
    ("setAccountDailyCap", As("account.set_daily_cap")),
    ("setAccountPace", As("account.set_pace")),
    ("setAccountTemplate", As("account.set_template")),
    ("setMemberRole", As("member.set_role")),
    ("setWebhookEnabled", As("webhook.set_enabled")),
    ("signUp", As("user.sign_up")),
    ("updateCloudApiCredentials", As("account.update_credentials")),
    ("updateMe", As("user.update")),
];
