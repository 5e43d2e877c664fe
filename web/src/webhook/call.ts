import type { Answered } from "./answer";
import type { Request } from "./request";

/** Calls the webhook as a tool would. Browsers may do so only where the dashboard itself lives: the webhook has no CORS. */
export async function call(url: string, request: Request): Promise<Answered> {
  const there = new URL(url).origin;
  if (there !== location.origin) return { kind: "elsewhere", here: location.origin, there };
  const started = performance.now();
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(request),
      credentials: "omit",
    });
    const body = await response.text();
    const took = Math.round(performance.now() - started);
    return { kind: "answer", status: response.status, body, took, messageId: messageIdIn(body) };
  } catch {
    return { kind: "unreachable" };
  }
}

function messageIdIn(body: string): string | undefined {
  try {
    const { data } = JSON.parse(body) as { data?: { message_id?: string } };
    return data?.message_id;
  } catch {
    return undefined;
  }
}
