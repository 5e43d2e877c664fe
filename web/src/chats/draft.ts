/** A message to be. */
export interface Draft {
  text: string;
  fileUrl: string;
  fileName: string;
}

export const EMPTY: Draft = { text: "", fileUrl: "", fileName: "" };

/** Whether nothing was written or attached. */
export function isEmpty({ text, fileUrl, fileName }: Draft): boolean {
  return text === "" && fileUrl === "" && fileName === "";
}

/** The longest text, in Unicode code points. */
export const LONGEST = 4_096;

export function lengthOf(text: string): number {
  return [...text].length;
}

/** In credits: one for a text, one for a file. White space alone is no text. */
export function costOf({ text, fileUrl }: Draft): number {
  return (text.trim() ? 1 : 0) + (fileUrl ? 1 : 0);
}

export function isSendable(draft: Draft): boolean {
  return costOf(draft) > 0 && lengthOf(draft.text) <= LONGEST;
}

/** A link's last part, as a file's name; the host where it has none. */
export function nameIn(fileUrl: string): string {
  if (!URL.canParse(fileUrl)) return "";
  const { pathname, host } = new URL(fileUrl);
  const last = pathname.split("/").at(-1) || host;
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}
