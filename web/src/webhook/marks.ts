/** What is at fault in a body, or was ignored. `line` and `column` count characters from 1. */
export interface Faults {
  refusal?: string | null;
  line?: number | null;
  column?: number | null;
  ignoredFields: string[];
}

/**
 * A part of a line; `error` is where reading broke, `value` what was read and cannot be used, `ignored` a field's name
 * that meant nothing.
 */
export interface Part {
  text: string;
  mark?: "error" | "value" | "ignored";
}

/** A body as lines of parts. A place behind the end of its line is marked as one blank. */
export function marked(body: string, { refusal, line, column, ignoredFields }: Faults): Part[][] {
  return body.split(/\r?\n/).map((text, index) => {
    const at = line === index + 1 && column ? column - 1 : undefined;
    return at === undefined
      ? ignoredIn(text, ignoredFields)
      : broken(text, at, ignoredFields, refusal !== "INVALID_JSON");
  });
}

function broken(line: string, at: number, ignored: string[], isRead: boolean): Part[] {
  const letters = [...line];
  const before = letters.slice(0, at).join("");
  const rest = letters.slice(at).join("");
  const fault = isRead ? valueAt(rest) : (letters[at] ?? " ");
  return [
    ...ignoredIn(before, ignored),
    { text: fault, mark: isRead ? "value" : "error" },
    ...ignoredIn(rest.slice(fault.length), ignored),
  ];
}

/** A text in its quotes, a number or a word as a whole; of a list or an object, what stands on its first line. */
function valueAt(rest: string): string {
  const [whole] = /^"(?:[^"\\]|\\.)*"|^[[{].*[\]}]|^[^\s,"\]}]+/u.exec(rest) ?? [];
  return whole ?? ([...rest][0] || " ");
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
