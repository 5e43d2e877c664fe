/** The four ways to name a recipient; a request has exactly one. */
export const RECIPIENTS = ["phone", "chat_id", "chat_name", "jid"] as const;
export type Recipient = (typeof RECIPIENTS)[number];

/** What the form of *Try it* holds. */
export interface Draft {
  kind: Recipient;
  recipient: string;
  text: string;
  /** The sending account's phone; empty: whichever is the default. */
  account: string;
  withFile: boolean;
  fileUrl: string;
  fileName: string;
}

export const EMPTY: Draft = {
  kind: "phone",
  recipient: "",
  text: "",
  account: "",
  withFile: false,
  fileUrl: "",
  fileName: "",
};

export type Request = Record<string, string>;

/** The body that the webhook takes. Optional fields that are empty are left out. */
export function requestOf(draft: Draft): Request {
  const file: Request = draft.withFile
    ? { file_url: draft.fileUrl.trim(), file_name: draft.fileName.trim() }
    : {};
  return {
    action: "send",
    [draft.kind]: draft.recipient.trim(),
    text: draft.text,
    ...(draft.account ? { whatsapp_account_phone: draft.account } : {}),
    ...file,
  };
}

/** Credits that it takes: text and file together cost 2. */
export function priceOf({ text, withFile }: Draft): number {
  return withFile && text.trim() !== "" ? 2 : 1;
}
