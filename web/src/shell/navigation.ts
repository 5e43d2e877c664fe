import {
  type Icon,
  IconAddressBook,
  IconBrandWhatsapp,
  IconCoins,
  IconLayoutDashboard,
  IconMessages,
  IconSettings,
  IconWebhook,
} from "@tabler/icons-react";
import type { Role } from "@/gql/graphql";
import type { Key } from "@/i18n";
import type { FileRoutesByTo } from "@/routeTree.gen";

/** The pages of a workspace that need nothing but the workspace. */
type To = Exclude<
  Extract<keyof FileRoutesByTo, `/w/$workspaceId${string}`>,
  `/w/$workspaceId/${string}$${string}`
>;

interface Item {
  to: To;
  label: Extract<Key, `${string}.title`>;
  icon: Icon;
  /** Whether pages below it are not its own. */
  exact?: boolean;
  /** Who sees it; everybody unless it says so. The server refuses the others anyway. */
  roles?: Role[];
}

/** The pages of a workspace, in the order of the sidebar. A new page adds itself here. */
export const NAVIGATION: Item[] = [
  { to: "/w/$workspaceId", label: "overview.title", icon: IconLayoutDashboard, exact: true },
  { to: "/w/$workspaceId/messages", label: "messages.title", icon: IconMessages },
  { to: "/w/$workspaceId/chats", label: "chats.title", icon: IconAddressBook },
  { to: "/w/$workspaceId/accounts", label: "accounts.title", icon: IconBrandWhatsapp },
  { to: "/w/$workspaceId/webhook", label: "webhook.title", icon: IconWebhook },
  { to: "/w/$workspaceId/credits", label: "credits.title", icon: IconCoins },
  { to: "/w/$workspaceId/settings", label: "people.title", icon: IconSettings },
];
