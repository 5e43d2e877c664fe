/** What a page's path may need. */
export interface Ids {
  workspaceId: string;
  /** A message that was read, and one that failed. */
  read: string;
  failed: string;
  account: string;
  /** A chat that was written to. */
  chat: string;
}

export interface PageToLookAt {
  name: string;
  path: (ids: Ids) => string;
  /** Looked at without being logged in. */
  loggedOut?: boolean;
}

/**
 * Every page. Each is checked by axe and for sideways scrolling, and photographed, in both themes and languages.
 * A new page adds itself here.
 */
export const PAGES: PageToLookAt[] = [
  { name: "login", path: () => "/login", loggedOut: true },
  { name: "signup", path: () => "/signup", loggedOut: true },
  { name: "overview", path: ({ workspaceId }) => `/w/${workspaceId}` },
  { name: "reset-password", path: () => "/reset-password", loggedOut: true },
  { name: "reset-password-choose", path: () => "/reset-password#token=nhip_pr_x", loggedOut: true },
  { name: "invitation-gone", path: () => "/invitation#token=nhip_in_x", loggedOut: true },
  { name: "messages", path: ({ workspaceId }) => `/w/${workspaceId}/messages` },
  { name: "messages-none", path: ({ workspaceId }) => `/w/${workspaceId}/messages?q=nothing-has-this` },
  { name: "message-read", path: ({ workspaceId, read }) => `/w/${workspaceId}/messages/${read}` },
  { name: "message-failed", path: ({ workspaceId, failed }) => `/w/${workspaceId}/messages/${failed}` },
  { name: "accounts", path: ({ workspaceId }) => `/w/${workspaceId}/accounts` },
  { name: "account", path: ({ workspaceId, account }) => `/w/${workspaceId}/accounts/${account}` },
  { name: "webhook", path: ({ workspaceId }) => `/w/${workspaceId}/webhook` },
  { name: "webhook-none", path: ({ workspaceId }) => `/w/${workspaceId}/webhook?outcome=REFUSED` },
  { name: "webhook-try", path: ({ workspaceId }) => `/w/${workspaceId}/webhook?tab=try` },
  { name: "webhook-file", path: ({ workspaceId }) => `/w/${workspaceId}/webhook?tab=file` },
  { name: "chats", path: ({ workspaceId }) => `/w/${workspaceId}/chats` },
  { name: "chats-none", path: ({ workspaceId }) => `/w/${workspaceId}/chats?q=nobody-is-called-this` },
  { name: "chat", path: ({ workspaceId, chat }) => `/w/${workspaceId}/chats/${chat}` },
  { name: "credits", path: ({ workspaceId }) => `/w/${workspaceId}/credits` },
  { name: "credits-none", path: ({ workspaceId }) => `/w/${workspaceId}/credits?to=2020-01-01&period=day` },
  { name: "members", path: ({ workspaceId }) => `/w/${workspaceId}/settings/members` },
  { name: "api-tokens", path: ({ workspaceId }) => `/w/${workspaceId}/settings/tokens` },
  { name: "audit-log", path: ({ workspaceId }) => `/w/${workspaceId}/settings/audit` },
  { name: "workspace", path: ({ workspaceId }) => `/w/${workspaceId}/settings/workspace` },
  { name: "not-found", path: ({ workspaceId }) => `/w/${workspaceId}/no-such-page` },
  { name: "profile", path: () => "/settings/profile" },
];

export const THEMES = ["light", "dark"] as const;
export const LOCALES = ["en", "vi"] as const;
export const WIDTHS = [1440, 390] as const;
