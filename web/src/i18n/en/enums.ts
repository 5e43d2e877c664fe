/** Every value of every enum in the schema; a test compares. `todo` says what the person can do about it. */
export const enums = {
  MessageStatus: {
    QUEUED: "Queued",
    SENDING: "Sending",
    SENT: "Sent",
    DELIVERED: "Delivered",
    READ: "Read",
    FAILED: "Failed",
    CANCELED: "Canceled",
  },
  AccountState: {
    PAIRING: "Pairing",
    PASSKEY_REQUIRED: "Passkey needed",
    CONNECTED: "Connected",
    RECONNECTING: "Reconnecting",
    RESTRICTED: "Restricted",
    PAUSED: "Paused",
    LOGGED_OUT: "Logged out",
    BANNED: "Banned",
    REMOVED: "Disconnected",
  },
  AccountReason: {
    BY_USER: {
      label: "A member of the workspace did this.",
      todo: "Resume or reconnect it when you want it to send again.",
    },
    LOGGED_OUT_ON_PHONE: {
      label: "The account was logged out on its phone.",
      todo: "Reconnect it here. What waits in its queue is kept.",
    },
    REPLACED: {
      label: "Another session took its place.",
      todo: "End the other session on the phone, then reconnect the account.",
    },
    TOKEN_EXPIRED: {
      label: "Its access token has expired.",
      todo: "Make a new token at Meta, then enter it by “Update credentials”.",
    },
    TOKEN_REFUSED: {
      label: "Meta refused its access token.",
      todo: "Check the token and its permissions at Meta, and enter a new one here.",
    },
    NEW_CHATS_LOCKED: {
      label: "WhatsApp lets it open no new chats.",
      todo: "Messages to known chats still go out. Wait until WhatsApp lifts the lock.",
    },
    NEW_CHATS_CAPPED: {
      label: "WhatsApp limits how many new chats it may open.",
      todo: "Messages to known chats still go out. Send to new numbers more slowly.",
    },
    TEMPORARY_BAN: {
      label: "WhatsApp banned it for a while.",
      todo: "Its queue waits. Send more slowly once the ban has ended.",
    },
    LOCKED: { label: "WhatsApp locked it.", todo: "Open WhatsApp on the phone and follow what it asks for." },
    NETWORK: {
      label: "The connection to WhatsApp was lost.",
      todo: "Nothing to do: it reconnects by itself, and its queue waits.",
    },
    PAIRING_EXPIRED: { label: "Nobody paired the phone in time.", todo: "Start the pairing again." },
  },
  FailureReason: {
    INVALID_RECIPIENT: {
      label: "The recipient is not a phone number.",
      todo: "Use the international format, such as +14151231234.",
    },
    NOT_ON_WHATSAPP: {
      label: "This number is not on WhatsApp.",
      todo: "Check the number, or reach this person another way.",
    },
    GROUP_NOT_MEMBER: {
      label: "The account is not in this group.",
      todo: "Add the account's number to the group, then send again.",
    },
    GROUP_READ_ONLY: {
      label: "Only admins may write in this group.",
      todo: "Make the account an admin of the group, then send again.",
    },
    NEW_CHATS_RESTRICTED: {
      label: "WhatsApp lets this account open no new chats.",
      todo: "Send from another account, or wait until WhatsApp lifts the restriction.",
    },
    OUTSIDE_REPLY_WINDOW: {
      label: "The contact has not written within the last 24 hours.",
      todo: "Set a template for this account, or wait until the contact writes.",
    },
    ACCOUNT_UNAVAILABLE: {
      label: "The account that should have sent it is gone.",
      todo: "Connect the account again, or send from another one.",
    },
    FILE_UNREACHABLE: {
      label: "The file could not be downloaded.",
      todo: "Check that the link opens in a private browser window, without logging in.",
    },
    FILE_TOO_LARGE: {
      label: "The file is larger than 2 MiB.",
      todo: "Make it smaller, or send a link to it as text.",
    },
    FILE_NOT_DIRECT_LINK: {
      label: "The link leads to a web page, not to the file itself.",
      todo: "Use the direct download link; a sharing page of a file host is none.",
    },
    FILE_ADDRESS_REFUSED: {
      label: "The link leads to a private address.",
      todo: "Put the file where everybody on the internet can download it.",
    },
    FILE_TYPE_UNSUPPORTED: {
      label: "WhatsApp does not take files of this type.",
      todo: "Convert the file, for example to PDF, JPEG or MP4.",
    },
    FILE_REJECTED: {
      label: "WhatsApp did not accept the file.",
      todo: "Check that it opens on a phone, and save it again in a usual format.",
    },
    WHATSAPP_ERROR: {
      label: "WhatsApp answered with an error, several times.",
      todo: "Send it again later.",
    },
    RATE_LIMITED: {
      label: "Too much was sent in a short time.",
      todo: "Set a slower pace for this account, then send again.",
    },
    UNCONFIRMED: {
      label: "It never came out whether WhatsApp took it.",
      todo: "Look on the phone before you send it again, so that nobody gets it twice.",
    },
    EXPIRED: {
      label: "Its account could not send for 24 hours.",
      todo: "Reconnect the account, then send the message again.",
    },
  },
  WaitReason: {
    ITS_TURN: {
      label: "Waiting for its turn",
      todo: "Nothing to do: messages leave one by one, so that WhatsApp does not take them for spam.",
    },
    FILE: {
      label: "Its file is being downloaded",
      todo: "Nothing to do: messages to others pass meanwhile.",
    },
    RETRY: {
      label: "It is tried again after an error",
      todo: "Nothing to do: it is tried up to four times.",
    },
    RECIPIENT_LIMIT: {
      label: "This recipient gets too many messages right now",
      todo: "Nothing to do: it leaves as soon as WhatsApp allows.",
    },
    DAILY_CAP: {
      label: "The sending account reached its daily cap",
      todo: "Wait until the first of them is 24 hours old, or raise the account's daily cap.",
    },
    ACCOUNT_HELD: {
      label: "WhatsApp makes the sending account wait, or cannot be reached",
      todo: "Nothing to do: it goes on by itself. The message's history says what WhatsApp said.",
    },
    ACCOUNT_PAUSED: {
      label: "The sending account is paused",
      todo: "Resume the account to send what waits.",
    },
    ACCOUNT_RECONNECTING: {
      label: "The sending account is reconnecting",
      todo: "Nothing to do: it goes on by itself.",
    },
    ACCOUNT_NOT_CONNECTED: {
      label: "The sending account is not connected",
      todo: "Reconnect the account; a message expires after 24 hours without one.",
    },
    ACCOUNT_RESTRICTED: {
      label: "The sending account may not open new chats",
      todo: "Wait until WhatsApp lifts the restriction, or send from another account.",
    },
    CONFIRMATION: {
      label: "Waiting to learn whether WhatsApp took it",
      todo: "Nothing to do: it is settled within minutes.",
    },
  },
  RefusalCode: {
    INVALID_JSON: {
      label: "The body is not valid JSON.",
      todo: "Look at the marked place; a comma or a quote is often missing just before it.",
    },
    NOT_UTF8: { label: "The body is not UTF-8 text.", todo: "Have your tool send the text as UTF-8." },
    MISSING_FIELD: { label: "A required field is missing.", todo: "Add the field; check its spelling." },
    BAD_FIELD: {
      label: "A field has a value that cannot be used.",
      todo: "Correct the value of the field that is named.",
    },
    CONFLICTING_FIELDS: {
      label: "Fields contradict each other.",
      todo: "Give exactly one recipient: phone, jid, chat_id or chat_name.",
    },
    NO_ACCOUNT: {
      label: "No WhatsApp account is connected.",
      todo: "Connect an account, then repeat the call.",
    },
    UNKNOWN_ACCOUNT: {
      label: "No account has this phone number.",
      todo: "Check whatsapp_account_phone, or leave it out.",
    },
    ACCOUNT_NOT_CONNECTED: {
      label: "The account is not connected.",
      todo: "Reconnect the account, or name another one.",
    },
    CHAT_NOT_FOUND: {
      label: "There is no such chat.",
      todo: "Copy the chat's ID or exact name from its page.",
    },
    OUT_OF_CREDITS: {
      label: "There were not enough message credits.",
      todo: "Ask whoever runs this installation for credits, then repeat the call.",
    },
    WEBHOOK_DISABLED: { label: "The webhook is switched off.", todo: "Switch it on, then repeat the call." },
    WEBHOOK_NOT_FOUND: { label: "This URL is no longer valid.", todo: "Put the current URL into your tool." },
    METHOD_NOT_ALLOWED: {
      label: "The URL was called with another method than POST.",
      todo: "Set your tool to POST.",
    },
    IDEMPOTENCY_MISMATCH: {
      label: "The same idempotency key came with another body.",
      todo: "Use a new key for each message.",
    },
    BODY_TOO_LARGE: {
      label: "The body is larger than 64 KiB.",
      todo: "Shorten the text; send files as a link.",
    },
    UNSUPPORTED_ENCODING: { label: "The body was compressed.", todo: "Switch off compression in your tool." },
    RATE_LIMITED: {
      label: "The webhook was called too often.",
      todo: "Call more slowly; Retry-After says when to try again.",
    },
    UNAVAILABLE: {
      label: "The service could not take it at that moment.",
      todo: "Repeat the call; nothing was charged.",
    },
  },
  ActivationOutcome: { ACCEPTED: "Accepted", REFUSED: "Refused" },
  Capability: {
    TEXT: "Text",
    IMAGE: "Images",
    VIDEO: "Videos",
    AUDIO: "Audio",
    DOCUMENT: "Documents",
    GROUPS: "Groups",
    NUMBER_CHECK: "Checks numbers",
    SAFE_RESEND: "Never sends twice",
    COLD_TEXT: "Can write first",
  },
  ChatKind: { CONTACT: "Contact", GROUP: "Group" },
  CreditKind: { GRANT: "Granted", CHARGE: "Charged", RESTORE: "Given back", ADJUST: "Taken back" },
  Gateway: { SIMULATOR: "Simulator (test only)", CLOUD_API: "WhatsApp Cloud API", WEB: "WhatsApp Web" },
  MessageSource: {
    WEBHOOK: "A tool, over the webhook",
    DASHBOARD: "A person, in the dashboard",
    API: "A program, with an API token",
  },
  RecipientKind: {
    PHONE: "Phone number",
    JID: "WhatsApp JID",
    CHAT_ID: "Chat ID",
    CHAT_NAME: "Chat name",
  },
  Role: { OWNER: "Owner", ADMIN: "Admin", MEMBER: "Member" },
  Scope: {
    WORKSPACE_READ: "Read everything that members read",
    MESSAGES_WRITE: "Send, resend and cancel messages; rename chats",
    BILLING_READ: "Read the ledger of every workspace",
    BILLING_WRITE: "Grant credits",
  },
  TextFormat: { TEXT: "Text", JSON: "JSON", CSV: "CSV" },
} as const;
