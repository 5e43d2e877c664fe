import {
  type Icon,
  IconAlertTriangle,
  IconBan,
  IconCheck,
  IconChecks,
  IconCircleX,
  IconClock,
  IconEye,
  IconKey,
  IconLogout,
  IconPlayerPause,
  IconPlugConnected,
  IconPlugX,
  IconQrcode,
  IconRefresh,
  IconSend,
} from "@tabler/icons-react";
import { graphql } from "@/gql";
import type { AccountState, MessageStatus } from "@/gql/graphql";
import { useI18n } from "@/i18n";
import { Badge, type Tone } from "./badge";

/** What whoever shows an account's state reads. */
graphql(`fragment AccountStanding on Account { state reason reasonDetail restrictedUntil }`);

type Look = { tone: Tone; icon: Icon };

export const STATUS_LOOKS: Record<MessageStatus, Look> = {
  QUEUED: { tone: "wait", icon: IconClock },
  SENDING: { tone: "busy", icon: IconSend },
  SENT: { tone: "busy", icon: IconCheck },
  DELIVERED: { tone: "good", icon: IconChecks },
  READ: { tone: "good", icon: IconEye },
  FAILED: { tone: "bad", icon: IconAlertTriangle },
  CANCELED: { tone: "quiet", icon: IconCircleX },
};

const ACCOUNT_LOOKS: Record<AccountState, Look> = {
  PAIRING: { tone: "wait", icon: IconQrcode },
  PASSKEY_REQUIRED: { tone: "warn", icon: IconKey },
  CONNECTED: { tone: "good", icon: IconPlugConnected },
  RECONNECTING: { tone: "warn", icon: IconRefresh },
  RESTRICTED: { tone: "warn", icon: IconAlertTriangle },
  PAUSED: { tone: "quiet", icon: IconPlayerPause },
  LOGGED_OUT: { tone: "bad", icon: IconLogout },
  BANNED: { tone: "bad", icon: IconBan },
  REMOVED: { tone: "quiet", icon: IconPlugX },
};

export function StatusBadge({ status }: { status: MessageStatus }) {
  const { t } = useI18n();
  return <Badge {...STATUS_LOOKS[status]}>{t(`enums.MessageStatus.${status}`)}</Badge>;
}

export function AccountBadge({ state }: { state: AccountState }) {
  const { t } = useI18n();
  return <Badge {...ACCOUNT_LOOKS[state]}>{t(`enums.AccountState.${state}`)}</Badge>;
}
