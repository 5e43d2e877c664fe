//! What letters say, in the reader's language: English, or Vietnamese.

use nhip_entity::member::Role;

/// One letter, of plain text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub text: String,
}

/// An invitation into a workspace.
#[derive(Clone, Copy, Debug)]
pub struct Invitation<'a> {
    /// The language of whoever reads it.
    pub locale: &'a str,
    /// Into which workspace.
    pub workspace: &'a str,
    /// By whom.
    pub by: &'a str,
    /// As what.
    pub role: Role,
    /// Where to accept.
    pub url: &'a str,
}

/// A link to a new password.
#[derive(Clone, Copy, Debug)]
pub struct PasswordReset<'a> {
    /// The language of whoever reads it.
    pub locale: &'a str,
    /// Who reads it.
    pub name: &'a str,
    /// Where to choose one.
    pub url: &'a str,
}

impl Invitation<'_> {
    /// The letter.
    #[must_use]
    pub fn write(self) -> Letter {
        let Self { workspace, by, url, .. } = self;
        if is_vietnamese(self.locale) {
            let role = match self.role {
                Role::Owner => "chủ sở hữu",
                Role::Admin => "quản trị viên",
                Role::Member => "thành viên",
            };
            return Letter {
                subject: format!("{by} mời bạn vào {workspace}"),
                text: format!(
                    "Xin chào,\n\n{by} mời bạn vào không gian làm việc “{workspace}” trên Nhip với vai trò {role}.\n\n\
                     Mở liên kết này để chấp nhận (dùng được một lần, trong 7 ngày):\n\n{url}\n\n\
                     Nếu bạn không chờ đợi lời mời này, hãy bỏ qua thư.\n"
                ),
            };
        }
        let role = match self.role {
            Role::Owner => "an owner",
            Role::Admin => "an admin",
            Role::Member => "a member",
        };
        Letter {
            subject: format!("{by} invites you to {workspace}"),
            text: format!(
                "Hello,\n\n{by} invites you to the workspace “{workspace}” on Nhip, as {role}.\n\n\
                 Open this link to accept (it works once, within 7 days):\n\n{url}\n\n\
                 If you did not expect this, ignore it.\n"
            ),
        }
    }
}

impl PasswordReset<'_> {
    /// The letter.
    #[must_use]
    pub fn write(self) -> Letter {
        let Self { name, url, .. } = self;
        if is_vietnamese(self.locale) {
            return Letter {
                subject: "Đặt lại mật khẩu Nhip của bạn".to_owned(),
                text: format!(
                    "Xin chào {name},\n\nMở liên kết này để chọn mật khẩu mới (dùng được một lần, trong 1 giờ):\n\n{url}\n\n\
                     Nếu bạn không yêu cầu điều này, hãy bỏ qua thư: mật khẩu của bạn vẫn như cũ.\n"
                ),
            };
        }
        Letter {
            subject: "Reset your Nhip password".to_owned(),
            text: format!(
                "Hello {name},\n\nOpen this link to choose a new password (it works once, within 1 hour):\n\n{url}\n\n\
                 If you did not ask for this, ignore it: your password stays as it is.\n"
            ),
        }
    }
}

/// `vi`, `vi-VN`; anything else reads English.
fn is_vietnamese(locale: &str) -> bool {
    locale.split('-').next().is_some_and(|language| language.eq_ignore_ascii_case("vi"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_in_the_readers_language() {
        let invitation = Invitation { locale: "en", workspace: "Shop", by: "Ada", role: Role::Admin, url: "http://x" };
        assert_eq!(invitation.write().subject, "Ada invites you to Shop");
        assert!(invitation.write().text.contains("as an admin.\n"));
        let vietnamese = Invitation { locale: "vi-VN", ..invitation }.write();
        assert_eq!(vietnamese.subject, "Ada mời bạn vào Shop");
        assert!(vietnamese.text.contains("http://x"));
        let reset = PasswordReset { locale: "vi", name: "Ada", url: "http://x" };
        assert!(reset.write().text.contains("mật khẩu mới"));
        assert!(PasswordReset { locale: "vie", ..reset }.write().text.contains("new password"));
    }
}
