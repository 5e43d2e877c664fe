import * as v from "valibot";
import { textParam } from "@/ui/filters";

/** What the list's URL may say. */
export const chatFilters = v.object({ q: textParam, account: textParam });

export type ChatFilters = v.InferOutput<typeof chatFilters>;
