import type { FullMessage } from "@/messages/page";

export const ID = "wa_backend:3EB09FCC85FE99662E46";
export const AT = "2026-01-01T00:00:00Z";

/** A message in the queue; tests say what is different about theirs. */
export const message: FullMessage = {
  id: ID,
  status: "QUEUED",
  text: "Your order is ready",
  textErased: false,
  recipient: "+14151231234",
  createdAt: AT,
  account: { id: "a1", name: "Shop", phone: "+15105566777" },
  waitingFor: null,
  failure: null,
  failureDetail: null,
  suggestedFileUrl: null,
  fileName: null,
  fileUrl: null,
  fileSize: null,
  fileMime: null,
  chat: null,
  queuePosition: null,
  expectedSendAt: null,
  recipientKind: "PHONE",
  source: "WEBHOOK",
  credits: 1,
  creditsRestored: false,
  history: [{ status: "QUEUED", at: AT, detail: null }],
};
