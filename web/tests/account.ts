import type { FullAccount } from "@/accounts/page";

/** A connected account with nothing in its queue; tests say what is different about theirs. */
export const account: FullAccount = {
  id: "a1",
  phone: "+15105566777",
  name: "Shop",
  gateway: "SIMULATOR",
  isDefault: true,
  queued: 0,
  nextSendAt: null,
  drainsAt: null,
  connectedAt: "2026-01-01T00:00:00Z",
  createdAt: "2026-01-01T00:00:00Z",
  state: "CONNECTED",
  reason: null,
  reasonDetail: null,
  restrictedUntil: null,
  pace: { minMs: 1_500, maxMs: 5_000 },
  capabilities: ["TEXT"],
  callbackUrl: null,
  dailyCap: null,
  cappedUntil: null,
  template: null,
};
