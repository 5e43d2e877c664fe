/** What a page's path may need. */
export interface Ids {
  workspaceId: string;
  /** A message that was read, and one that failed. */
  read: string;
  failed: string;
  account: string;
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
  { name: "not-found", path: ({ workspaceId }) => `/w/${workspaceId}/no-such-page` },
  { name: "profile", path: () => "/settings/profile" },
];

export const THEMES = ["light", "dark"] as const;
export const LOCALES = ["en", "vi"] as const;
export const WIDTHS = [1440, 390] as const;
