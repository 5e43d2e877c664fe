/** A search whose list follows what is typed a moment later. */
interface Typing {
  /** The list does not follow any more. */
  stop: () => void;
  /** Nor does the text stay. */
  forget: () => void;
}

/** The searches on the page. */
export const typing = new Set<Typing>();

/** Takes away what was typed. */
export function forgetTyped(): void {
  for (const search of typing) search.forget();
}

/** Does not filter by what was typed last. */
export function stopFollowing(): void {
  for (const search of typing) search.stop();
}
