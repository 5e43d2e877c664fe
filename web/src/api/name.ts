/** The operation's name, by which its answers are cached. */
export function nameOf(document: { toString(): string }): string {
  return /(?:query|mutation|subscription)\s+(\w+)/.exec(document.toString())?.[1] ?? "";
}
