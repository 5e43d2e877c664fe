import { expect, test } from "vitest";
import { marked } from "@/webhook/marks";
import { EMPTY, priceOf, requestOf } from "@/webhook/request";
import { LANGUAGES, snippet } from "@/webhook/snippets";

test("the place at fault is marked, counted in characters", () => {
  const body = '{\n  "text": "🙂" "phone": 1\n}';
  const [, second] = marked(body, { line: 2, column: 15, ignoredFields: [] });
  expect(second).toEqual([{ text: '  "text": "🙂" ' }, { text: '"', mark: "error" }, { text: 'phone": 1' }]);
});

test("a place behind the end is marked too", () => {
  expect(marked("{", { line: 1, column: 2, ignoredFields: [] })).toEqual([
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
