import type { en } from "@/i18n/en";
import { isMissingChunk } from "./chunks";

/** What the admin API says no with, in `extensions.code`; OFFLINE is ours. */
export const CODES = [
  "UNAUTHENTICATED",
  "FORBIDDEN",
  "NOT_FOUND",
  "BAD_INPUT",
  "OUT_OF_CREDITS",
  "CONFLICT",
  "RATE_LIMITED",
  "UNAVAILABLE",
  "QUERY_TOO_COMPLEX",
  "INTERNAL",
  "OFFLINE",
] as const;

export type Code = (typeof CODES)[number];

export type Refusal = keyof typeof en.enums.RefusalCode;

interface Place {
  /** The input's field at fault. */
  field?: string;
  /** Why the webhook would have said no too. */
  refusal?: Refusal;
}

/** An answer that is a no. Its `message` is the server's own sentence, in English. */
export class ApiError extends Error {
  readonly code: Code;
  readonly field: string | undefined;
  readonly refusal: Refusal | undefined;

  constructor(code: Code, detail: string, { field, refusal }: Place = {}) {
    super(detail);
    this.name = "ApiError";
    this.code = code;
    this.field = field;
    this.refusal = refusal;
  }

  /** Of anything that was thrown. */
  static of(thrown: unknown): ApiError {
    if (thrown instanceof ApiError) return thrown;
    return new ApiError(isMissingChunk(thrown) ? "OFFLINE" : "INTERNAL", String(thrown));
  }
}

export interface WireError {
  message: string;
  extensions?: { code?: string } & Place;
}

export function fromWire({ message, extensions }: WireError): ApiError {
  const code = CODES.find((known) => known === extensions?.code) ?? "INTERNAL";
  return new ApiError(code, message, extensions);
}
