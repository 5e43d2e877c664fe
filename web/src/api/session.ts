import { graphql } from "@/gql";
import type { NewSessionFragment } from "@/gql/graphql";
import { alone } from "./alone";
import { ApiError } from "./errors";
import { post } from "./post";

graphql(`fragment NewSession on Session { accessToken accessTokenExpiresAt user { id } }`);

const REFRESH = graphql(`
  mutation RefreshSession { refreshSession(input: {}) { ...NewSession } }
`);

const LOG_OUT = graphql(`mutation LogOut { logOut }`);

/** A token that ends sooner than this, in milliseconds, is not used any more. */
const MARGIN = 30_000;

interface Access {
  token: string;
  expiresAt: number;
}

/** The access token, in memory alone; the refresh token is in a cookie that no script can read. */
let access: Access | undefined;
/** Whether it was told that nobody is logged in: what still asks meanwhile tells nothing new. */
let isOut = false;
let refreshing: Promise<string> | undefined;
const listeners = new Set<(onPurpose: boolean) => void>();
const channel = typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel("nhip-session");

/** Takes what a log-in answered with. */
export function enter(session: NewSessionFragment): void {
  isOut = false;
  access = { token: session.accessToken, expiresAt: Date.parse(session.accessTokenExpiresAt) };
}

/** Opens a session by what a log-in answers, while nobody refreshes one: a refresh that is refused ends whichever there is. */
export async function openSession(logIn: () => Promise<NewSessionFragment>): Promise<void> {
  await alone(async () => enter(await logIn()));
}

/** A token that is good now; throws UNAUTHENTICATED where the person must log in. */
export async function accessToken(): Promise<string> {
  if (access && access.expiresAt - MARGIN > Date.now()) return access.token;
  return refresh();
}

/** New tokens, once however many ask, in one tab at a time. */
export function refresh(): Promise<string> {
  refreshing ??= alone(renew).finally(() => {
    refreshing = undefined;
  });
  return refreshing;
}

async function renew(): Promise<string> {
  try {
    const { refreshSession } = await post(REFRESH, {});
    enter(refreshSession);
    return refreshSession.accessToken;
  } catch (err) {
    if (ApiError.of(err).code === "UNAUTHENTICATED") leave();
    throw err;
  }
}

/** Ends the session here and in every other tab. */
export async function logOut(): Promise<void> {
  await post(LOG_OUT, {}, await accessToken());
  channel?.postMessage("out");
  leave(true);
}

/** Tells whoever shows a page that nobody is logged in any more, and whether somebody wanted that. */
export function onLeave(listener: (onPurpose: boolean) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function leave(onPurpose = false): void {
  access = undefined;
  if (isOut) return;
  isOut = true;
  for (const listener of listeners) listener(onPurpose);
}

channel?.addEventListener("message", () => leave(true));
