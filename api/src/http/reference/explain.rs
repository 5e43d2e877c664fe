//! What each field and each refusal means, in every language.

use nhip_domain::{Refusal, refusal::Spot, request};
use strum::IntoEnumIterator as _;

use super::language::Words;
use crate::http::body;

/// A refusal as the webhook says it, with an example's words, and what it means.
pub(super) struct Explained {
    pub(super) refusal: Refusal,
    pub(super) meaning: Words,
}

/// All that the webhook can say no with.
pub(super) fn refusals() -> Vec<Explained> {
    Refusal::iter().filter_map(|kind| Some(Explained { meaning: meaning(&kind)?, refusal: example(kind) })).collect()
}

/// What a caller should know and do; none for refusals of the admin API.
fn meaning(refusal: &Refusal) -> Option<Words> {
    // No `_` arm: a new refusal does not compile until someone explains it, or says that the webhook never gives it.
    let (en, vi) = match refusal {
        Refusal::InvalidJson { .. } => (
            "The body is not one JSON object. Mend it at that line and column.",
            "Nội dung không phải một đối tượng JSON. Hãy sửa ở dòng và cột đó.",
        ),
        Refusal::NotUtf8 { .. } => {
            ("The body is text in another encoding. Send UTF-8.", "Nội dung dùng bảng mã khác. Hãy gửi UTF-8.")
        }
        Refusal::MissingField { .. } => {
            ("A required field is absent, perhaps misspelled.", "Thiếu một trường bắt buộc, có thể do viết sai tên.")
        }
        Refusal::BadField { .. } => ("A field’s value cannot be taken.", "Giá trị của một trường không dùng được."),
        Refusal::ConflictingFields { .. } => (
            "Fields exclude each other, or disagree. Give one of them.",
            "Các trường loại trừ hoặc mâu thuẫn nhau. Hãy chỉ giữ một.",
        ),
        Refusal::NoAccount => (
            "Connect a WhatsApp account in the dashboard first.",
            "Trước hết hãy kết nối một tài khoản WhatsApp trong bảng điều khiển.",
        ),
        Refusal::UnknownAccount { .. } => {
            ("No account of the workspace has that phone.", "Không tài khoản nào của không gian làm việc có số đó.")
        }
        Refusal::AccountNotConnected { .. } => (
            "The account was logged out or removed. Connect it again.",
            "Tài khoản đã đăng xuất hoặc bị gỡ. Hãy kết nối lại.",
        ),
        Refusal::ChatNotFound { .. } => (
            "No chat has that number or name. Names are compared exactly.",
            "Không có cuộc trò chuyện nào mang số hoặc tên đó. Tên phải trùng khớp hoàn toàn.",
        ),
        Refusal::OutOfCredits { .. } => (
            "The whole message is refused and costs nothing. Add credits.",
            "Cả tin bị từ chối và không tốn gì. Hãy nạp thêm tín dụng.",
        ),
        Refusal::WebhookDisabled => {
            ("Somebody switched the webhook off in the dashboard.", "Webhook đã bị tắt trong bảng điều khiển.")
        }
        Refusal::WebhookNotFound => (
            "The URL was replaced, or never was one. Stop calling it, and copy the new one from the dashboard.",
            "URL đã được thay, hoặc chưa từng tồn tại. Hãy ngừng gọi và lấy URL mới trong bảng điều khiển.",
        ),
        Refusal::MethodNotAllowed => (
            "Only POST sends. Opening the URL in a browser does nothing.",
            "Chỉ POST mới gửi tin. Mở URL trong trình duyệt không có tác dụng gì.",
        ),
        Refusal::IdempotencyMismatch => (
            "The key belongs to another message. Use a new one for each.",
            "Khóa này thuộc về một tin khác. Mỗi tin cần một khóa mới.",
        ),
        Refusal::BodyTooLarge { .. } => {
            ("Files do not go into the body, but by link.", "Tệp không nằm trong nội dung mà gửi bằng liên kết.")
        }
        Refusal::UnsupportedEncoding { .. } => ("Switch compression of requests off.", "Hãy tắt việc nén yêu cầu."),
        Refusal::RateLimited { .. } => (
            "Too many calls for now. Repeat after `Retry-After` seconds.",
            "Tạm thời quá nhiều lời gọi. Hãy thử lại sau số giây trong `Retry-After`.",
        ),
        Refusal::Unavailable => (
            "Our side, and soon over. Repeat after `Retry-After` seconds.",
            "Lỗi phía chúng tôi và sẽ sớm qua. Hãy thử lại sau số giây trong `Retry-After`.",
        ),
        Refusal::OutcomeUnknown => (
            "Rare. With the same `Idempotency-Key`, a repeat is safe.",
            "Hiếm gặp. Gọi lại với cùng `Idempotency-Key` là an toàn.",
        ),
        Refusal::MissedEvents
        | Refusal::Unauthenticated
        | Refusal::WrongCredentials
        | Refusal::Forbidden(_)
        | Refusal::NotFound
        | Refusal::BadInput { .. }
        | Refusal::Conflict(_)
        | Refusal::Taken { .. }
        | Refusal::GatewayUnreachable { .. } => return None,
    };
    Some(Words { en, vi })
}

/// A refusal of that kind as somebody might get it.
fn example(kind: Refusal) -> Refusal {
    let phone = || "+15105566777".to_owned();
    match kind {
        Refusal::InvalidJson { .. } => said_of(br#"{"action": "send", "chat_id": "77234" "text": "hello"}"#),
        Refusal::NotUtf8 { .. } => said_of(b"{\"action\": \"send\", \"text\": \"caf\xe9\"}"),
        Refusal::MissingField { .. } => said_of(br#"{"action": "send", "chat_id": "77234", "txt": "hello"}"#),
        Refusal::BadField { .. } => said_of(br#"{"action": "send", "chat_id": "77234", "text": ["hello"]}"#),
        Refusal::ConflictingFields { .. } => {
            said_of(br#"{"action": "send", "chat_id": "77234", "phone": "+14151231234", "text": "hello"}"#)
        }
        Refusal::UnknownAccount { .. } => Refusal::UnknownAccount { phone: phone(), at: Spot::default() },
        Refusal::AccountNotConnected { .. } => Refusal::AccountNotConnected { phone: phone(), at: Spot::default() },
        Refusal::OutOfCredits { .. } => Refusal::OutOfCredits { needed: 2, left: 1 },
        Refusal::BodyTooLarge { .. } => Refusal::BodyTooLarge { limit: body::LIMIT },
        Refusal::UnsupportedEncoding { .. } => Refusal::UnsupportedEncoding { encoding: "gzip".to_owned() },
        Refusal::RateLimited { .. } => Refusal::RateLimited { retry_after_s: 3 },
        whole => whole,
    }
}

/// What a body is refused with.
fn said_of(body: &[u8]) -> Refusal {
    request::parse(body, None, None).request.err().unwrap_or(Refusal::NotFound)
}

/// What a field is for.
pub(super) fn field(name: &str) -> Words {
    let (en, vi) = match name {
        "action" => ("`\"send\"`, always.", "Luôn là `\"send\"`."),
        "text" => (
            "The message: plain text, `\\n` for a new line. It may be left out beside a file.",
            "Nội dung tin: văn bản thuần, `\\n` để xuống dòng. Có thể bỏ nếu gửi kèm tệp.",
        ),
        "chat_id" => (
            "The number of a chat, as its page’s address in the dashboard shows it: a contact or a group.",
            "Số của cuộc trò chuyện, như trong địa chỉ trang của nó ở bảng điều khiển: một liên hệ hoặc một nhóm.",
        ),
        "phone" => (
            "A phone number in international format, such as `+14151231234`.",
            "Số điện thoại theo định dạng quốc tế, ví dụ `+84901234567`.",
        ),
        "jid" => (
            "A WhatsApp JID of a contact or a group, such as `14151231234@s.whatsapp.net`.",
            "JID WhatsApp của một liên hệ hoặc nhóm, ví dụ `14151231234@s.whatsapp.net`.",
        ),
        "chat_name" => (
            "The exact name of a chat, as the dashboard shows it.",
            "Tên chính xác của cuộc trò chuyện, như hiển thị trong bảng điều khiển.",
        ),
        "file_url" => (
            "A direct link (http or https) to a file that is attached.",
            "Liên kết trực tiếp (http hoặc https) đến tệp đính kèm.",
        ),
        "file_name" => (
            "The file’s name as the recipient sees it. A missing or wrong extension is put right.",
            "Tên tệp mà người nhận nhìn thấy. Phần mở rộng bị thiếu hoặc sai sẽ được sửa.",
        ),
        "whatsapp_account_phone" => (
            "Which connected account sends, by its phone. `whatsapp account phone` is the same. Ignored beside `chat_id`.",
            "Tài khoản nào gửi, theo số điện thoại của nó. `whatsapp account phone` cũng vậy. Bị bỏ qua khi có `chat_id`.",
        ),
        "idempotency_key" => (
            "For tools without headers: the same as the header `Idempotency-Key`.",
            "Cho công cụ không đặt được header: giống header `Idempotency-Key`.",
        ),
        _ => ("", ""),
    };
    Words { en, vi }
}
