import { expect, test } from "vitest";
import { cureOf, slipsIn } from "@/webhook/cure";
import { marked } from "@/webhook/marks";
import { EMPTY, priceOf, requestOf } from "@/webhook/request";
import { LANGUAGES, snippet } from "@/webhook/snippets";

test("the place at fault is marked, counted in characters", () => {
  const body = '{\n  "text": "🙂" "phone": 1\n}';
  const [, second] = marked(body, { refusal: "INVALID_JSON", line: 2, column: 15, ignoredFields: [] });
  expect(second).toEqual([{ text: '  "text": "🙂" ' }, { text: '"', mark: "error" }, { text: 'phone": 1' }]);
});

test("a place behind the end is marked too", () => {
  expect(marked("{", { refusal: "INVALID_JSON", line: 1, column: 2, ignoredFields: [] })).toEqual([
    [{ text: "{" }, { text: " ", mark: "error" }],
  ]);
});

test("ignored fields are marked where they are keys, not where they are values", () => {
  const [line] = marked('{"txet": "a", "text": "txet"}', { ignoredFields: ["txet"] });
  expect(line).toEqual([
    { text: "{" },
    { text: '"txet"', mark: "ignored" },
    { text: ': "a", "text": "txet"}' },
  ]);
});

test("a value that was read and cannot be used is marked as a whole", () => {
  const at = (body: string, column: number) =>
    marked(body, { refusal: "BAD_FIELD", line: 1, column, ignoredFields: [] })[0]?.find(({ mark }) => mark);
  expect(at('{"phone": "12 \\" 34", "text": "a"}', 11)).toEqual({ text: '"12 \\" 34"', mark: "value" });
  expect(at('{"text": 512, "phone": "1"}', 10)).toEqual({ text: "512", mark: "value" });
  expect(at('{"text": {"a": [1]}}', 10)?.text).toBe('{"a": [1]}}');
  expect(at('{"text": true}', 10)?.text).toBe("true");
  expect(at("{", 2)?.text).toBe(" ");
});

test("a form, an empty body and a missing comma have cures of their own", () => {
  const todo = (answer: string, requestBody?: string) =>
    cureOf({ refusal: "INVALID_JSON", answer, requestBody })?.todo;
  expect(todo("The body is form-encoded, not JSON. Zapier: Payload Type = json")).toBe("webhook.formTodo");
  expect(todo("Not valid JSON", "action=send&text=hi")).toBe("webhook.formTodo");
  expect(todo("The body is empty; send one JSON object (line 1, column 1)", "")).toBe("webhook.emptyTodo");
  expect(todo('Not valid JSON: expected `,` or `}` before `"` (line 4, column 3)', "{")).toBe(
    "webhook.commaTodo",
  );
  expect(todo("Not valid JSON: remove the comma before `}`", "{")).toBe(
    "enums.RefusalCode.INVALID_JSON.todo",
  );
  expect(cureOf({ refusal: "BAD_FIELD", requestBody: "a=b" })?.todo).toBe("enums.RefusalCode.BAD_FIELD.todo");
  expect(cureOf({ answer: "Queued" })).toBeUndefined();
});

test("what the server asks about is found in its sentence", () => {
  const asked =
    "`text` is missing; give it; `văn bản` is unknown: did you mean `text`?; `fone` is unknown: did you mean `phone`?";
  expect(slipsIn(asked)).toEqual([
    { name: "văn bản", meant: "text" },
    { name: "fone", meant: "phone" },
  ]);
  expect(slipsIn("`action` is not `send`, the only action; did you mean `send`?")).toEqual([
    { meant: "send" },
  ]);
  expect(slipsIn(null)).toEqual([]);
});

test("a request has one recipient, and no field that was left empty", () => {
  const draft = {
    ...EMPTY,
    kind: "chat_id" as const,
    recipient: " 77234 ",
    text: "hi",
    fileUrl: "https://x/y",
  };
  expect(requestOf(draft)).toEqual({ action: "send", chat_id: "77234", text: "hi" });
  expect(requestOf({ ...draft, withFile: true, fileName: "y", account: "+1" })).toEqual({
    action: "send",
    chat_id: "77234",
    text: "hi",
    whatsapp_account_phone: "+1",
    file_url: "https://x/y",
    file_name: "y",
  });
});

test("text and file together cost 2 credits, either alone 1", () => {
  expect(priceOf({ ...EMPTY, text: "hi" })).toBe(1);
  expect(priceOf({ ...EMPTY, text: "hi", withFile: true })).toBe(2);
  expect(priceOf({ ...EMPTY, text: " ", withFile: true })).toBe(1);
});

test("code survives quotes, dollars and line breaks in the text", () => {
  const request = { action: "send", text: 'it\'s $5\n"now"' };
  const code = Object.fromEntries(
    LANGUAGES.map((each) => [each, snippet(each, "https://n/webhook/x", request)]),
  );
  expect(code.curl).toContain(`it'\\''s $5\\n\\"now\\"`);
  expect(code.Python).toContain('"it\'s $5\\n\\"now\\""');
  expect(code.JavaScript).toContain('text: "it\'s $5\\n\\"now\\"",');
  expect(code.PHP).toContain("'text' => 'it\\'s $5\n\"now\"',");
});
