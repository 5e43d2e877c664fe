import * as v from "valibot";
import { textParam } from "@/ui/filters";

export const TABS = ["log", "try", "file"] as const;
export type Tab = (typeof TABS)[number];

const OUTCOMES = ["ACCEPTED", "REFUSED"] as const;

/** What the page's URL may say. */
export const webhookSearch = v.object({
  tab: v.optional(v.fallback(v.optional(v.picklist(TABS)), undefined)),
  outcome: v.optional(v.fallback(v.optional(v.picklist(OUTCOMES)), undefined)),
  /** The call that is expanded. */
  call: textParam,
});

export type WebhookSearch = v.InferOutput<typeof webhookSearch>;
