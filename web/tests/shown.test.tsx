import { QueryClient } from "@tanstack/react-query";
import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { useAsk } from "@/api/query";
import { enter } from "@/api/session";
import { graphql } from "@/gql";
import { dictionaryOf } from "@/i18n";
import { Providers } from "@/providers";
import { Shown } from "@/ui/shown";
import { answers, refuses, server } from "./server";

const NAME = graphql(`query TestName($id: ID!) { workspace(id: $id) { name } }`);

function Name() {
  const query = useAsk(NAME, { id: "w" });
  return <Shown query={query}>{({ workspace }) => <p>{workspace?.name}</p>}</Shown>;
}

async function show() {
  enter({ accessToken: "token", accessTokenExpiresAt: "2999-01-01T00:00:00Z", user: { id: "u" } });
  const dictionary = await dictionaryOf("en");
  render(
    <Providers
      queries={new QueryClient({ defaultOptions: { queries: { retry: false } } })}
      locale="en"
      dictionary={dictionary}
    >
      <Name />
    </Providers>,
  );
}

test("what could not be read says why, and is read again on demand", async () => {
  server.use(refuses(NAME, "FORBIDDEN"));
  await show();
  expect(await screen.findByText(/Your role does not allow this/)).toBeTruthy();
  server.use(answers(NAME, ({ id }) => ({ workspace: { name: `shop ${id}` } })));
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText("shop w")).toBeTruthy();
});

test("while it is read, its place is kept", async () => {
  server.use(answers(NAME, () => ({ workspace: { name: "shop" } })));
  await show();
  expect(screen.getByRole("status", { name: "Loading…" })).toBeTruthy();
  expect(await screen.findByText("shop")).toBeTruthy();
});
