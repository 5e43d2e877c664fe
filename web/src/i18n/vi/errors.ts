import type { Dictionary } from "..";

export const errors: Dictionary["errors"] = {
  UNAUTHENTICATED: "Vui lòng đăng nhập lại.",
  FORBIDDEN: "Vai trò của bạn không cho phép việc này. Hãy liên hệ chủ sở hữu hoặc quản trị viên.",
  NOT_FOUND: "Nội dung này không còn tồn tại, hoặc bạn không thuộc không gian làm việc của nó.",
  BAD_INPUT: "Thông tin vừa nhập không hợp lệ. Vui lòng sửa lại rồi thử lại.",
  OUT_OF_CREDITS: "Không đủ tín dụng tin nhắn. Hãy xin thêm từ người vận hành hệ thống này.",
  CONFLICT: "Ai đó vừa thay đổi nội dung này. Hãy xem lại rồi thực hiện lần nữa.",
  RATE_LIMITED: "Bạn thao tác quá nhiều lần trong thời gian ngắn. Hãy đợi một phút rồi thử lại.",
  UNAVAILABLE: "Dịch vụ tạm thời không phản hồi. Vui lòng thử lại sau giây lát.",
  QUERY_TOO_COMPLEX: "Yêu cầu quá lớn. Hãy thu hẹp lại rồi thử lại.",
  INTERNAL: "Đã xảy ra lỗi ở phía chúng tôi. Dữ liệu của bạn vẫn an toàn; vui lòng thử lại.",
  OFFLINE: "Không kết nối được với dịch vụ. Hãy kiểm tra mạng của bạn.",
};
