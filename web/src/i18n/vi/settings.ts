import type { Dictionary } from "..";

export const settings: Dictionary["settings"] = {
  profile: "Hồ sơ",
  profileHint: "Giao diện và ngôn ngữ Nhip dành cho bạn.",
  you: "Thông tin của bạn",
  email: "Email",
  name: "Tên",
  appearance: "Hiển thị",
  themeHint: "“Theo hệ thống” dùng cài đặt của thiết bị.",
  languageHint: "Ngày giờ và con số cũng theo ngôn ngữ này.",
  sessions: "Nơi bạn đang đăng nhập",
  sessionsHint: "Mỗi trình duyệt hoặc chương trình đang đăng nhập bằng tài khoản của bạn.",
  thisOne: "Trình duyệt này",
  lastUsed: "Dùng lần cuối",
  unknownDevice: "Thiết bị không rõ",
};
