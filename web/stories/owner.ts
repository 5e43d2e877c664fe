import { expect } from "@playwright/test";

/** Asks the admin API as the demo's owner; what it refuses fails the story. */
export type Ask = <Data>(query: string, variables?: object) => Promise<Data>;

export async function logInOverApi(url: string): Promise<Ask> {
  const headers: Record<string, string> = { "Content-Type": "application/json" };
  const ask: Ask = async (query, variables = {}) => {
    const body = JSON.stringify({ query, variables });
    const response = await fetch(`${url}/graphql`, { method: "POST", headers, body });
    const { data, errors } = await response.json();
    expect(errors, query).toBeUndefined();
    return data;
  };
  const query = "mutation { openDemo(input: {}) { accessToken } }";
  const { openDemo } = await ask<{ openDemo: { accessToken: string } }>(query);
  headers.Authorization = `Bearer ${openDemo.accessToken}`;
  return ask;
}
