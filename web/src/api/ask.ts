import type { TypedDocumentString } from "@/gql/graphql";
import { ApiError } from "./errors";
import { post } from "./post";
import { accessToken, refresh } from "./session";

/** One operation as the person who is logged in. A token that was refused is renewed once. */
export async function ask<Data, Variables>(
  document: TypedDocumentString<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  try {
    return await post(document, variables, await accessToken());
  } catch (err) {
    if (ApiError.of(err).code !== "UNAUTHENTICATED") throw err;
    return post(document, variables, await refresh());
  }
}
