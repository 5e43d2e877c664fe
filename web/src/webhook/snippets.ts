import type { Request } from "./request";

export const LANGUAGES = ["curl", "Python", "JavaScript", "PHP"] as const;
export type Language = (typeof LANGUAGES)[number];

const WRITERS: Record<Language, (url: string, request: Request) => string> = {
  curl,
  Python: python,
  JavaScript: javascript,
  PHP: php,
};

/** A program that makes the request, ready to be pasted. */
export function snippet(language: Language, url: string, request: Request): string {
  return WRITERS[language](url, request);
}

function curl(url: string, request: Request): string {
  // Within single quotes a shell takes everything literally, but for the quote itself.
  const body = JSON.stringify(request, null, 2).replaceAll("'", `'\\''`);
  return `curl -X POST '${url}' \\\n  -H 'Content-Type: application/json' \\\n  -d '${body}'`;
}

function python(url: string, request: Request): string {
  const fields = lines(request, (name, value) => `${quoted(name)}: ${quoted(value)}`);
  return `import requests

answer = requests.post(
    ${quoted(url)},
    json={
        ${fields.join("\n        ")}
    },
    timeout=10,
)
print(answer.status_code, answer.json())`;
}

function javascript(url: string, request: Request): string {
  const fields = lines(request, (name, value) => `${name}: ${quoted(value)}`);
  return `const answer = await fetch(${quoted(url)}, {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify({
    ${fields.join("\n    ")}
  }),
});
console.log(answer.status, await answer.json());`;
}

function php(url: string, request: Request): string {
  const fields = lines(request, (name, value) => `${quotedInPhp(name)} => ${quotedInPhp(value)}`);
  return `<?php
$call = curl_init(${quotedInPhp(url)});
curl_setopt_array($call, [
    CURLOPT_POST => true,
    CURLOPT_RETURNTRANSFER => true,
    CURLOPT_HTTPHEADER => ['Content-Type: application/json'],
    CURLOPT_POSTFIELDS => json_encode([
        ${fields.join("\n        ")}
    ]),
]);
echo curl_exec($call);`;
}

function lines(request: Request, line: (name: string, value: string) => string): string[] {
  return Object.entries(request).map(([name, value]) => `${line(name, value)},`);
}

/** JSON's string is one of Python's and JavaScript's too. */
function quoted(text: string): string {
  return JSON.stringify(text);
}

/** In PHP's double quotes `$` would name a variable; in single ones a line break stands as it is. */
function quotedInPhp(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
