import type { Dictionary } from "..";

export const login: Dictionary["login"] = {
  title: "Đăng nhập",
  welcome: "Chào mừng bạn trở lại",
  tagline: "Webhook gọi vào, tin nhắn WhatsApp gửi đi, đều theo từng nhịp.",
  email: "Email",
  password: "Mật khẩu",
  submit: "Đăng nhập",
  wrong: "Email hoặc mật khẩu không đúng.",
  newHere: "Bạn là người mới?",
  signUp: "Tạo tài khoản",
  demoTitle: "Đây là bản dùng thử",
  demoHint:
    "Tin nhắn được gửi đến một WhatsApp mô phỏng, không đến điện thoại nào, nên bạn có thể thử mọi thứ.",
  openDemo: "Mở bản dùng thử",
  linkFailed: "Liên kết này đã được dùng hoặc đã hết hạn. Hãy yêu cầu liên kết mới.",
  linkWorking: "Đang đăng nhập cho bạn…",
  signUpTitle: "Tạo tài khoản của bạn",
  name: "Tên của bạn",
  workspaceName: "Tên không gian làm việc",
  workspaceHint: "Thường là tên công ty hoặc cửa hàng. Bạn có thể mời người khác sau.",
  passwordHint: "Ít nhất 8 ký tự.",
  signUpSubmit: "Tạo tài khoản",
  closed: "Hệ thống này không mở đăng ký. Hãy liên hệ người vận hành để có tài khoản.",
  haveOne: "Bạn đã có tài khoản?",
};
