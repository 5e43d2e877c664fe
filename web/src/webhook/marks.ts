/** What is at fault in a body, or was ignored. `line` and `column` count characters from 1. */
export interface Faults {
  line?: number | null;
  column?: number | null;
  ignoredFields: string[];
}

/** A part of a line; `error` is where reading broke, `ignored` a field's name that meant nothing. */
export interface Part {
  text: string;
  mark?: "error" | "ignored";
}

/** A body as lines of parts. A place behind the end of its line is marked as one blank. */
export function marked(body: string, { line, column, ignoredFields }: Faults): Part[][] {
  return body.split(/\r?\n/).map((text, index) => {
    const at = line === index + 1 && column ? column - 1 : undefined;
    return at === undefined ? ignoredIn(text, ignoredFields) : broken(text, at, ignoredFields);
  });
}

function broken(line: string, at: number, ignored: string[]): Part[] {
  const letters = [...line];
  return [
    ...ignoredIn(letters.slice(0, at).join(""), ignored),
    { text: letters[at] ?? " ", mark: "error" },
    ...ignoredIn(letters.slice(at + 1).join(""), ignored),
  ];
}

function ignoredIn(text: string, ignored: string[]): Part[] {
  if (ignored.length === 0) return text === "" ? [] : [{ text }];
  const names = ignored.map(escaped);
  const keys = new RegExp(`("(?:${names.join("|")})"(?=\\s*:))`, "u");
  return text
    .split(keys)
    .map((part, index): Part => (index % 2 === 1 ? { text: part, mark: "ignored" } : { text: part }))
    .filter((part) => part.text !== "");
}

function escaped(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
}
