import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, test } from "vitest";
import { useAsk } from "@/api/query";
import { enter } from "@/api/session";
import { graphql } from "@/gql";
import { Shown } from "@/ui/shown";
import { answers, refuses, server } from "./server";
import { show } from "./show";

const NAME = graphql(`query TestName($id: ID!) { workspace(id: $id) { name } }`);

function Name() {
  const query = useAsk(NAME, { id: "w" });
  return <Shown query={query}>{({ workspace }) => <p>{workspace?.name}</p>}</Shown>;
}

async function showName() {
  enter({ accessToken: "token", accessTokenExpiresAt: "2999-01-01T00:00:00Z", user: { id: "u" } });
  await show(<Name />);
}

test("what could not be read says why, and is read again on demand", async () => {
  server.use(refuses(NAME, "FORBIDDEN"));
  await showName();
  expect(await screen.findByText(/Your role does not allow this/)).toBeTruthy();
  server.use(answers(NAME, ({ id }) => ({ workspace: { name: `shop ${id}` } })));
  await userEvent.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText("shop w")).toBeTruthy();
});

test("while it is read, its place is kept", async () => {
  server.use(answers(NAME, () => ({ workspace: { name: "shop" } })));
  await showName();
  expect(screen.getByRole("status", { name: "Loading…" })).toBeTruthy();
  expect(await screen.findByText("shop")).toBeTruthy();
});
