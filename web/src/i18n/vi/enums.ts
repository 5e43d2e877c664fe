import type { Dictionary } from "..";

export const enums: Dictionary["enums"] = {
  MessageStatus: {
    QUEUED: "Đang chờ",
    SENDING: "Đang gửi",
    SENT: "Đã gửi",
    DELIVERED: "Đã nhận",
    READ: "Đã đọc",
    FAILED: "Thất bại",
    CANCELED: "Đã hủy",
  },
  AccountState: {
    PAIRING: "Đang ghép nối",
    PASSKEY_REQUIRED: "Cần mã khóa",
    CONNECTED: "Đã kết nối",
    RECONNECTING: "Đang kết nối lại",
    RESTRICTED: "Bị hạn chế",
    PAUSED: "Tạm dừng",
    LOGGED_OUT: "Đã đăng xuất",
    BANNED: "Bị cấm",
    REMOVED: "Đã ngắt kết nối",
  },
  AccountReason: {
    BY_USER: {
      label: "Một thành viên đã thực hiện việc này.",
      todo: "Hãy tiếp tục hoặc kết nối lại khi bạn muốn gửi tin.",
    },
    LOGGED_OUT_ON_PHONE: {
      label: "Tài khoản đã bị đăng xuất trên điện thoại.",
      todo: "Hãy kết nối lại tại đây. Hàng đợi vẫn được giữ nguyên.",
    },
    REPLACED: {
      label: "Một phiên khác đã thay thế.",
      todo: "Hãy kết thúc phiên kia trên điện thoại rồi kết nối lại tài khoản.",
    },
    TOKEN_EXPIRED: {
      label: "Mã truy cập đã hết hạn.",
      todo: "Hãy tạo mã mới tại Meta rồi nhập qua “Đổi thông tin xác thực”.",
    },
    TOKEN_REFUSED: {
      label: "Meta đã từ chối mã truy cập.",
      todo: "Hãy kiểm tra mã và quyền của mã tại Meta rồi nhập mã mới.",
    },
    NEW_CHATS_LOCKED: {
      label: "WhatsApp không cho mở cuộc trò chuyện mới.",
      todo: "Tin gửi đến cuộc trò chuyện sẵn có vẫn được gửi. Hãy đợi WhatsApp gỡ khóa.",
    },
    NEW_CHATS_CAPPED: {
      label: "WhatsApp giới hạn số cuộc trò chuyện mới.",
      todo: "Tin gửi đến cuộc trò chuyện sẵn có vẫn được gửi. Hãy gửi chậm hơn đến số mới.",
    },
    TEMPORARY_BAN: {
      label: "WhatsApp tạm cấm tài khoản.",
      todo: "Hàng đợi sẽ chờ. Hãy gửi chậm hơn khi lệnh cấm kết thúc.",
    },
    LOCKED: {
      label: "WhatsApp đã khóa tài khoản.",
      todo: "Hãy mở WhatsApp trên điện thoại và làm theo hướng dẫn.",
    },
    NETWORK: {
      label: "Mất kết nối với WhatsApp.",
      todo: "Bạn không cần làm gì: hệ thống tự kết nối lại và hàng đợi sẽ chờ.",
    },
    PAIRING_EXPIRED: { label: "Điện thoại không được ghép nối kịp thời.", todo: "Hãy bắt đầu ghép nối lại." },
  },
  FailureReason: {
    INVALID_RECIPIENT: {
      label: "Người nhận không phải là số điện thoại.",
      todo: "Hãy dùng định dạng quốc tế, ví dụ +14151231234.",
    },
    NOT_ON_WHATSAPP: {
      label: "Số này không dùng WhatsApp.",
      todo: "Hãy kiểm tra lại số, hoặc liên hệ người này bằng cách khác.",
    },
    GROUP_NOT_MEMBER: {
      label: "Tài khoản không ở trong nhóm này.",
      todo: "Hãy thêm số của tài khoản vào nhóm rồi gửi lại.",
    },
    GROUP_READ_ONLY: {
      label: "Chỉ quản trị viên được viết trong nhóm này.",
      todo: "Hãy đặt tài khoản làm quản trị viên nhóm rồi gửi lại.",
    },
    NEW_CHATS_RESTRICTED: {
      label: "WhatsApp không cho tài khoản này mở cuộc trò chuyện mới.",
      todo: "Hãy gửi từ tài khoản khác, hoặc đợi WhatsApp gỡ hạn chế.",
    },
    OUTSIDE_REPLY_WINDOW: {
      label: "Người liên hệ chưa nhắn tin trong 24 giờ qua.",
      todo: "Hãy đặt mẫu tin cho tài khoản này, hoặc đợi người liên hệ nhắn trước.",
    },
    ACCOUNT_UNAVAILABLE: {
      label: "Tài khoản lẽ ra gửi tin này không còn nữa.",
      todo: "Hãy kết nối lại tài khoản, hoặc gửi từ tài khoản khác.",
    },
    FILE_UNREACHABLE: {
      label: "Không tải được tệp.",
      todo: "Hãy thử mở liên kết trong cửa sổ ẩn danh, không đăng nhập.",
    },
    FILE_TOO_LARGE: {
      label: "Tệp lớn hơn 2 MiB.",
      todo: "Hãy giảm dung lượng, hoặc gửi liên kết dưới dạng văn bản.",
    },
    FILE_NOT_DIRECT_LINK: {
      label: "Liên kết dẫn đến một trang web, không phải tệp.",
      todo: "Hãy dùng liên kết tải trực tiếp; trang chia sẻ tệp không dùng được.",
    },
    FILE_ADDRESS_REFUSED: {
      label: "Liên kết dẫn đến một địa chỉ nội bộ.",
      todo: "Hãy đặt tệp ở nơi mọi người trên internet đều tải được.",
    },
    FILE_TYPE_UNSUPPORTED: {
      label: "WhatsApp không nhận loại tệp này.",
      todo: "Hãy chuyển đổi tệp, ví dụ sang PDF, JPEG hoặc MP4.",
    },
    FILE_REJECTED: {
      label: "WhatsApp không chấp nhận tệp.",
      todo: "Hãy kiểm tra tệp mở được trên điện thoại và lưu lại ở định dạng phổ biến.",
    },
    WHATSAPP_ERROR: { label: "WhatsApp báo lỗi nhiều lần.", todo: "Hãy gửi lại sau." },
    RATE_LIMITED: {
      label: "Đã gửi quá nhiều trong thời gian ngắn.",
      todo: "Hãy đặt nhịp gửi chậm hơn cho tài khoản này rồi gửi lại.",
    },
    UNCONFIRMED: {
      label: "Không xác định được WhatsApp đã nhận tin hay chưa.",
      todo: "Hãy kiểm tra trên điện thoại trước khi gửi lại để tránh gửi trùng.",
    },
    EXPIRED: {
      label: "Tài khoản không gửi được trong 24 giờ.",
      todo: "Hãy kết nối lại tài khoản rồi gửi lại tin nhắn.",
    },
  },
  WaitReason: {
    ITS_TURN: {
      label: "Đang chờ đến lượt",
      todo: "Bạn không cần làm gì: tin được gửi lần lượt để WhatsApp không coi là thư rác.",
    },
    FILE: { label: "Đang tải tệp", todo: "Bạn không cần làm gì: tin cho người khác vẫn được gửi." },
    RETRY: { label: "Đang thử lại sau lỗi", todo: "Bạn không cần làm gì: hệ thống thử tối đa bốn lần." },
    RECIPIENT_LIMIT: {
      label: "Người nhận này đang nhận quá nhiều tin",
      todo: "Bạn không cần làm gì: tin sẽ được gửi ngay khi WhatsApp cho phép.",
    },
    DAILY_CAP: {
      label: "Tài khoản gửi tin này đã gửi đủ hạn mức trong ngày",
      todo: "Hãy chờ đến khi tin đầu tiên đã gửi được 24 giờ, hoặc tăng hạn mức ngày của tài khoản.",
    },
    ACCOUNT_HELD: {
      label: "WhatsApp bắt tài khoản gửi chờ, hoặc không kết nối được",
      todo: "Bạn không cần làm gì: hệ thống tự tiếp tục. Lịch sử của tin cho biết WhatsApp đã trả lời gì.",
    },
    ACCOUNT_PAUSED: {
      label: "Tài khoản gửi tin này đang tạm dừng",
      todo: "Hãy bấm “Tiếp tục” ở tài khoản này để gửi các tin đang chờ.",
    },
    ACCOUNT_RECONNECTING: {
      label: "Tài khoản gửi tin này đang kết nối lại",
      todo: "Bạn không cần làm gì: hệ thống tự tiếp tục.",
    },
    ACCOUNT_NOT_CONNECTED: {
      label: "Tài khoản gửi tin này chưa được kết nối",
      todo: "Hãy kết nối lại tài khoản; tin nhắn hết hạn sau 24 giờ không có kết nối.",
    },
    ACCOUNT_RESTRICTED: {
      label: "Tài khoản gửi tin này không được mở cuộc trò chuyện mới",
      todo: "Hãy đợi WhatsApp gỡ hạn chế, hoặc gửi từ tài khoản khác.",
    },
    CONFIRMATION: {
      label: "Đang chờ xác nhận WhatsApp đã nhận",
      todo: "Bạn không cần làm gì: kết quả sẽ có trong vài phút.",
    },
  },
  RefusalCode: {
    INVALID_JSON: {
      label: "Nội dung không phải JSON hợp lệ.",
      todo: "Hãy xem vị trí được đánh dấu; ngay trước đó thường thiếu dấu phẩy hoặc dấu ngoặc kép.",
    },
    NOT_UTF8: {
      label: "Nội dung không phải văn bản UTF-8.",
      todo: "Hãy để công cụ của bạn gửi văn bản dạng UTF-8.",
    },
    MISSING_FIELD: { label: "Thiếu một trường bắt buộc.", todo: "Hãy thêm trường đó và kiểm tra chính tả." },
    BAD_FIELD: {
      label: "Một trường có giá trị không dùng được.",
      todo: "Hãy sửa giá trị của trường được nêu.",
    },
    CONFLICTING_FIELDS: {
      label: "Các trường mâu thuẫn nhau.",
      todo: "Hãy chỉ định đúng một người nhận: phone, jid, chat_id hoặc chat_name.",
    },
    NO_ACCOUNT: {
      label: "Chưa có tài khoản WhatsApp nào được kết nối.",
      todo: "Hãy kết nối một tài khoản rồi gọi lại.",
    },
    UNKNOWN_ACCOUNT: {
      label: "Không có tài khoản nào mang số điện thoại này.",
      todo: "Hãy kiểm tra whatsapp_account_phone, hoặc bỏ trường này.",
    },
    ACCOUNT_NOT_CONNECTED: {
      label: "Tài khoản chưa được kết nối.",
      todo: "Hãy kết nối lại tài khoản, hoặc chỉ định tài khoản khác.",
    },
    CHAT_NOT_FOUND: {
      label: "Không có cuộc trò chuyện này.",
      todo: "Hãy sao chép ID hoặc tên chính xác từ trang của cuộc trò chuyện.",
    },
    OUT_OF_CREDITS: {
      label: "Không đủ tín dụng tin nhắn.",
      todo: "Hãy xin thêm tín dụng từ người vận hành hệ thống này rồi gọi lại.",
    },
    WEBHOOK_DISABLED: { label: "Webhook đang tắt.", todo: "Hãy bật Webhook rồi gọi lại." },
    WEBHOOK_NOT_FOUND: {
      label: "URL này không còn hiệu lực.",
      todo: "Hãy đặt URL hiện tại vào công cụ của bạn.",
    },
    METHOD_NOT_ALLOWED: {
      label: "URL được gọi bằng phương thức khác POST.",
      todo: "Hãy đặt công cụ của bạn dùng POST.",
    },
    IDEMPOTENCY_MISMATCH: {
      label: "Cùng một khóa chống trùng lặp nhưng nội dung khác.",
      todo: "Hãy dùng khóa mới cho mỗi tin nhắn.",
    },
    BODY_TOO_LARGE: {
      label: "Nội dung lớn hơn 64 KiB.",
      todo: "Hãy rút ngắn văn bản; gửi tệp bằng liên kết.",
    },
    UNSUPPORTED_ENCODING: { label: "Nội dung đã bị nén.", todo: "Hãy tắt nén trong công cụ của bạn." },
    RATE_LIMITED: {
      label: "Webhook được gọi quá thường xuyên.",
      todo: "Hãy gọi chậm hơn; Retry-After cho biết khi nào thử lại.",
    },
    UNAVAILABLE: {
      label: "Dịch vụ không thể nhận vào lúc đó.",
      todo: "Hãy gọi lại; bạn chưa bị trừ tín dụng.",
    },
  },
  ActivationOutcome: { ACCEPTED: "Được chấp nhận", REFUSED: "Bị từ chối" },
  Capability: {
    TEXT: "Văn bản",
    IMAGE: "Hình ảnh",
    VIDEO: "Video",
    AUDIO: "Âm thanh",
    DOCUMENT: "Tài liệu",
    GROUPS: "Nhóm",
    NUMBER_CHECK: "Kiểm tra số",
    SAFE_RESEND: "Không gửi trùng",
    COLD_TEXT: "Có thể nhắn trước",
  },
  ChatKind: { CONTACT: "Liên hệ", GROUP: "Nhóm" },
  CreditKind: { GRANT: "Được cấp", CHARGE: "Đã trừ", RESTORE: "Hoàn lại", ADJUST: "Thu hồi" },
  Gateway: { SIMULATOR: "Mô phỏng (chỉ để thử)", CLOUD_API: "WhatsApp Cloud API", WEB: "WhatsApp Web" },
  MessageSource: {
    WEBHOOK: "Công cụ, qua webhook",
    DASHBOARD: "Người dùng, trên trang quản lý",
    API: "Chương trình, bằng mã API",
  },
  RecipientKind: {
    PHONE: "Số điện thoại",
    JID: "JID WhatsApp",
    CHAT_ID: "ID trò chuyện",
    CHAT_NAME: "Tên cuộc trò chuyện",
  },
  Role: { OWNER: "Chủ sở hữu", ADMIN: "Quản trị viên", MEMBER: "Thành viên" },
  Scope: {
    WORKSPACE_READ: "Đọc mọi thứ mà thành viên được xem",
    MESSAGES_WRITE: "Gửi, gửi lại và hủy tin nhắn; đổi tên cuộc trò chuyện",
    BILLING_READ: "Đọc sổ tín dụng của mọi không gian làm việc",
    BILLING_WRITE: "Cấp tín dụng",
  },
  TextFormat: { TEXT: "Văn bản", JSON: "JSON", CSV: "CSV" },
};
