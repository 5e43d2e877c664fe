import type { Dictionary } from "..";

export const tokens: Dictionary["tokens"] = {
  title: "Mã API",
  hint: "Dùng để chương trình đăng nhập. Mã hết hiệu lực khi người tạo rời đi hoặc không còn là quản trị viên.",
  name: "Tên",
  nameHint: "Mục đích sử dụng, ví dụ tên chương trình.",
  scopes: "Được phép",
  ends: "Hết hạn",
  endsNever: "Không bao giờ",
  inDays: { other: "Sau {count} ngày" },
  lastUsed: "Dùng lần cuối",
  never: "Chưa từng dùng",
  by: "Người tạo",
  create: "Tạo mã",
  createTitle: "Tạo mã API",
  made: "Mã API mới của bạn",
  madeHint:
    "Hãy sao chép ngay: mã chỉ hiển thị một lần này. Chương trình gửi mã ở dạng “Authorization: Bearer …”.",
  emptyTitle: "Chưa có mã API",
  emptyHint: "Hãy tạo mã cho chương trình đọc dữ liệu hoặc gửi tin nhắn của không gian này.",
  revokeOf: "Thu hồi {name}",
  revokeTitle: "Thu hồi “{name}”?",
  revokeBody: "Các chương trình dùng mã này sẽ bị từ chối ngay.",
  revoked: "Đã thu hồi mã.",
};
