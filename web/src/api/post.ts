import type { TypedDocumentString } from "@/gql/graphql";
import { ApiError, fromWire, type WireError } from "./errors";

interface Answer<Data> {
  data?: Data;
  errors?: WireError[];
}

/** One operation over HTTP, as whoever the token says. The refresh cookie travels by itself. */
export async function post<Data, Variables>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
  token?: string,
): Promise<Data> {
  const { data, errors } = await send<Data>(document.toString(), variables, token);
  if (errors?.[0]) throw fromWire(errors[0]);
  if (data === undefined) throw new ApiError("INTERNAL", "The answer is empty");
  return data;
}

async function send<Data>(query: string, variables: unknown, token?: string): Promise<Answer<Data>> {
  const headers: Record<string, string> = { "Content-Type": "application/json", Accept: "application/json" };
  if (token) headers.Authorization = `Bearer ${token}`;
  const request = { method: "POST", headers, body: JSON.stringify({ query, variables }) };
  const response = await fetch("/graphql", request).catch((err: unknown) => {
    throw new ApiError("OFFLINE", String(err));
  });
  return response.json().catch(() => {
    throw new ApiError("UNAVAILABLE", `HTTP ${response.status}`);
  });
}
