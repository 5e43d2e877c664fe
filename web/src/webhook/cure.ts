import type { Refusal } from "@/api/errors";

interface Refused {
  refusal?: Refusal | null;
  /** The server's own sentence, in English. */
  answer?: string | null;
  requestBody?: string;
}

type Words =
  | `enums.RefusalCode.${Refusal}.${"label" | "todo"}`
  | `webhook.${"form" | "empty"}${"Label" | "Todo"}`
  | "webhook.commaTodo";

/** What was wrong with a call and what to do, where the code alone would send people to the wrong place. */
export function cureOf(call: Refused): { label: Words; todo: Words } | undefined {
  const { refusal, answer } = call;
  if (!refusal) return undefined;
  const cure = {
    label: `enums.RefusalCode.${refusal}.label`,
    todo: `enums.RefusalCode.${refusal}.todo`,
  } as const;
  if (refusal !== "INVALID_JSON") return cure;
  if (isForm(call)) return { label: "webhook.formLabel", todo: "webhook.formTodo" };
  if (call.requestBody?.trim() === "" || answer?.includes("body is empty")) {
    return { label: "webhook.emptyLabel", todo: "webhook.emptyTodo" };
  }
  if (/expected `,`.* before `"`/.test(answer ?? "")) return { ...cure, todo: "webhook.commaTodo" };
  return cure;
}

/** What tools send that were not told to send JSON: `name=value&…`, or parts between lines. */
function isForm({ answer, requestBody = "" }: Refused): boolean {
  return Boolean(answer?.includes("form-encoded")) || /^\s*[\w.+%[\]*-]+=/.test(requestBody);
}

interface Slip {
  name?: string;
  meant: string;
}

/** What the server asks whether it was meant: names of fields, or `send`. */
export function slipsIn(answer: string | null | undefined): Slip[] {
  const asked = (answer ?? "").matchAll(/(?:`([^`]*)` is unknown: )?did you mean `([^`]*)`\?/g);
  return [...asked].map(([, name, meant = ""]) => ({ name, meant }));
}
