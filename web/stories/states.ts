import type { Page, Route } from "@playwright/test";
import type { Ids } from "./pages";

/** What `openDay` leaves behind. */
export interface DayIds extends Ids {
  /** A message whose account is paused. */
  queued: string;
  /** An account at Meta whose token ran out, and the chat with somebody who wrote to it. */
  atMeta: string;
  chatAtMeta: string;
  /** A workspace in which nothing happened yet. */
  fresh: string;
}

interface StateToLookAt {
  name: string;
  path: (ids: DayIds) => string;
  /** What somebody does there, in either language. */
  act?: (page: Page) => Promise<void>;
}

/** Pages in states that one comes upon: empty, waiting, failing, and with what opens on them. */
export const STATES: StateToLookAt[] = [
  { name: "overview-fresh", path: ({ fresh }) => `/w/${fresh}` },
  { name: "messages-fresh", path: ({ fresh }) => `/w/${fresh}/messages` },
  { name: "chats-fresh", path: ({ fresh }) => `/w/${fresh}/chats` },
  { name: "accounts-fresh", path: ({ fresh }) => `/w/${fresh}/accounts` },
  { name: "webhook-fresh", path: ({ fresh }) => `/w/${fresh}/webhook` },
  { name: "credits-fresh", path: ({ fresh }) => `/w/${fresh}/credits` },
  {
    name: "messages-filtered",
    path: ({ workspaceId, chat }) =>
      `/w/${workspaceId}/messages?chat=${chat}&status=%5B%22SENT%22%2C%22DELIVERED%22%2C%22READ%22%2C%22FAILED%22%5D`,
  },
  {
    name: "messages-queue",
    path: ({ workspaceId }) => `/w/${workspaceId}/messages?status=%5B%22QUEUED%22%5D`,
  },
  {
    name: "messages-failed",
    path: ({ workspaceId }) => `/w/${workspaceId}/messages?status=%5B%22FAILED%22%5D`,
    act: (page) => page.getByRole("combobox", { name: /^(Reason|Lý do)$/ }).click(),
  },
  {
    name: "cancel-waiting",
    path: ({ workspaceId }) => `/w/${workspaceId}/messages?status=%5B%22QUEUED%22%5D`,
    act: open(/^(Cancel all waiting|Hủy tất cả tin đang chờ)$/),
  },
  { name: "message-queued", path: ({ workspaceId, queued }) => `/w/${workspaceId}/messages/${queued}` },
  { name: "account-at-meta", path: ({ workspaceId, atMeta }) => `/w/${workspaceId}/accounts/${atMeta}` },
  { name: "chat-at-meta", path: ({ workspaceId, chatAtMeta }) => `/w/${workspaceId}/chats/${chatAtMeta}` },
  { name: "connect", path: accounts, act: open(/^(Connect an account|Kết nối tài khoản)$/) },
  {
    name: "connect-at-meta",
    path: accounts,
    act: async (page) => {
      await open(/^(Connect an account|Kết nối tài khoản)$/)(page);
      await page.getByRole("dialog").getByText("WhatsApp Cloud API").click();
    },
  },
  {
    name: "credentials",
    path: ({ workspaceId, atMeta }) => `/w/${workspaceId}/accounts/${atMeta}`,
    act: open(/^(Update credentials|Đổi thông tin xác thực)$/),
  },
  { name: "account-menu", path: account, act: press(/^(More actions|Thao tác khác)$/) },
  {
    name: "disconnect",
    path: account,
    act: async (page) => {
      await press(/^(More actions|Thao tác khác)$/)(page);
      await page.getByRole("menuitem").last().click();
      await page.getByRole("dialog").getByRole("button").first().waitFor();
    },
  },
  { name: "webhook-url", path: webhook, act: press(/^(Show URL|Hiện URL)$/) },
  { name: "webhook-new-url", path: webhook, act: open(/^(Generate new URL|Tạo URL mới)$/) },
  { name: "webhook-download", path: webhook, act: press(/^(Download log|Nhật ký tải xuống)$/) },
  {
    name: "webhook-refused",
    path: ({ workspaceId }) => `/w/${workspaceId}/webhook?outcome=REFUSED`,
    act: (page) => page.getByRole("main").getByRole("listitem").first().getByRole("button").first().click(),
  },
  {
    name: "webhook-tried",
    path: ({ workspaceId }) => `/w/${workspaceId}/webhook?tab=try`,
    act: async (page) => {
      const recipient = { name: /^(Recipient|Người nhận)$/ };
      await page
        .getByRole("combobox", recipient)
        .or(page.getByRole("textbox", recipient))
        .fill("+12025550101");
      await page.getByRole("main").getByRole("textbox").last().fill("lorem ipsum");
      await press(/^(Send|Gửi)$/)(page);
      await page.getByText("HTTP 200").waitFor();
    },
  },
  { name: "chat-file", path: chat, act: press(/^(Attach a file by its link|Đính kèm tệp bằng liên kết)$/) },
  { name: "chat-rename", path: chat, act: open(/^(Rename|Đổi tên)$/) },
  {
    name: "invite",
    path: ({ workspaceId }) => `/w/${workspaceId}/settings/members`,
    act: open(/^(Invite|Mời)$/),
  },
  {
    name: "create-token",
    path: ({ workspaceId }) => `/w/${workspaceId}/settings/tokens`,
    act: open(/^(Create token|Tạo mã)$/),
  },
  {
    name: "delete-workspace",
    path: ({ workspaceId }) => `/w/${workspaceId}/settings/workspace`,
    act: open(/^(Delete workspace|Xóa không gian làm việc)$/),
  },
  {
    name: "failed-to-read",
    path: ({ workspaceId }) => `/w/${workspaceId}/messages`,
    act: async (page) => {
      const refused = { data: null, errors: [{ message: "no", extensions: { code: "INTERNAL" } }] };
      const refuse = (route: Route) =>
        route.request().postData()?.includes("query Messages(")
          ? route.fulfill({ json: refused })
          : route.fallback();
      await page.route("**/graphql", refuse);
      await page.reload();
      await page.getByRole("alert").waitFor();
      await page.unroute("**/graphql", refuse);
    },
  },
  {
    name: "offline",
    path: ({ workspaceId }) => `/w/${workspaceId}/messages`,
    act: async (page) => {
      await page.context().setOffline(true);
      await page.getByText(/You are offline|Bạn đang ngoại tuyến/).waitFor();
    },
  },
];

function accounts({ workspaceId }: DayIds): string {
  return `/w/${workspaceId}/accounts`;
}

function account({ workspaceId, account }: DayIds): string {
  return `/w/${workspaceId}/accounts/${account}`;
}

function webhook({ workspaceId }: DayIds): string {
  return `/w/${workspaceId}/webhook`;
}

function chat({ workspaceId, chat }: DayIds): string {
  return `/w/${workspaceId}/chats/${chat}`;
}

/** Presses a button that opens a dialog. */
function open(name: RegExp): (page: Page) => Promise<void> {
  return async (page) => {
    await press(name)(page);
    await page.getByRole("dialog").getByRole("button").first().waitFor();
  };
}

function press(name: RegExp): (page: Page) => Promise<void> {
  return (page) => page.getByRole("button", { name }).first().click();
}
