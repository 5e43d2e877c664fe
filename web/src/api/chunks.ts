import { isServed } from "./reach";

/** The name of the error of a part of the program that could not be fetched. */
const MISSING_CHUNK = "MissingChunk";
/** How browsers say that a part of the program could not be fetched: each in its own words. */
const WORDS =
  /dynamically imported module|importing a module script failed|unable to preload|failed to load module/i;
/** When this tab was last loaded anew because a part was missing. */
const STORED = "nhip-reloaded";
/** Sooner than this, in milliseconds, loading the page anew would not help either. */
const AGAIN = 60_000;

/** A part of the program could not be fetched: a lost connection, or an upgrade while the tab was open. */
export function isMissingChunk(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.name === MISSING_CHUNK;
}

/** Names the error of a part that could not be fetched, so that it is told as OFFLINE; others stay as they are. */
export function named(thrown: unknown): unknown {
  if (thrown instanceof Error && WORDS.test(thrown.message)) {
    // The router knows such errors by their words, and would load the page anew even where there is no connection.
    Object.assign(thrown, {
      name: MISSING_CHUNK,
      message: `Not fetched: ${thrown.message.split(" ").at(-1)}`,
    });
  }
  return thrown;
}

/** The same for what the router fetches. */
export function watchChunks(): void {
  addEventListener("vite:preloadError", ({ payload }) => void named(payload));
}

/**
 * After an upgrade the parts of before are gone, and only the new page knows the new ones. Once a minute at most, and
 * never while the service is away: that page would be a white one.
 */
export async function reloadOnce(): Promise<void> {
  const last = Number(sessionStorage.getItem(STORED));
  if (Date.now() - last < AGAIN || !(await isServed())) return;
  sessionStorage.setItem(STORED, String(Date.now()));
  location.reload();
}
