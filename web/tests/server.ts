import { graphql, HttpResponse } from "msw";
import { setupServer } from "msw/node";
import { nameOf } from "@/api/ask";
import type { Code } from "@/api/errors";
import type { TypedDocumentString } from "@/gql/graphql";

export const server = setupServer();

type Kind = "query" | "mutation";

/** Answers an operation with data of its own type; `answer` gets the variables. */
export function answers<Data, Variables>(
  document: TypedDocumentString<Data, Variables>,
  answer: (variables: Variables) => Data,
) {
  return on(document, (variables) => HttpResponse.json({ data: answer(variables as Variables) as object }));
}

/** Refuses an operation, as the server does. */
export function refuses(document: { toString(): string }, code: Code, message = "No") {
  return on(document, () => HttpResponse.json({ errors: [{ message, extensions: { code } }] } as object));
}

function on(
  document: { toString(): string },
  respond: (variables: unknown) => ReturnType<typeof HttpResponse.json>,
) {
  const kind: Kind = document.toString().trimStart().startsWith("mutation") ? "mutation" : "query";
  return graphql[kind](nameOf(document), ({ variables }) => respond(variables));
}
