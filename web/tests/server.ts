import { graphql, HttpResponse } from "msw";
import { setupServer } from "msw/node";
import type { Code } from "@/api/errors";
import { nameOf } from "@/api/name";
import type { TypedDocumentString } from "@/gql/graphql";

export const server = setupServer();

interface Body {
  data?: Record<string, unknown>;
  errors?: { message: string; extensions: { code: Code; field?: string } }[];
}

/** Answers an operation with data of its own type; `answer` gets the variables. */
export function answers<Data extends Record<string, unknown>, Variables>(
  document: TypedDocumentString<Data, Variables>,
  answer: (variables: Variables) => Data,
) {
  return on(document, (variables) => ({ data: answer(variables as Variables) }));
}

/** Refuses an operation, as the server does; `field` is the input's that is at fault. */
export function refuses(document: { toString(): string }, code: Code, message = "No", field?: string) {
  return on(document, () => ({ errors: [{ message, extensions: { code, field } }] }));
}

function on(document: { toString(): string }, respond: (variables: unknown) => Body) {
  const kind = document.toString().trimStart().startsWith("mutation") ? "mutation" : "query";
  return graphql[kind](nameOf(document), ({ variables }) => HttpResponse.json<Body>(respond(variables)));
}
