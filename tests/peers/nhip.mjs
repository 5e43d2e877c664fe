// The same backlog for Nhip: accounts of the built-in WhatsApp, filled through GraphQL and the webhook.

const JSON_HEADERS = { "content-type": "application/json" };

async function post(url, body, headers = {}) {
  const answer = await fetch(url, { method: "POST", headers: { ...JSON_HEADERS, ...headers }, body: JSON.stringify(body) });
  const json = await answer.json();
  if (!answer.ok || json.errors) throw new Error(`${answer.status} ${JSON.stringify(json)}`);
  return json;
}

/** Signs up, connects the accounts, pauses them and queues the backlog; how to let it go, and how to ask what has left. */
export async function fill({ url, accounts, backlog }) {
  const ask = async (token, name, kind, input, selection) => {
    const query = `mutation($input: ${kind}!) { ${name}(input: $input) ${selection} }`;
    const headers = token ? { authorization: `Bearer ${token}` } : {};
    return (await post(`${url}/graphql`, { query, variables: { input } }, headers)).data[name];
  };
  const input = { email: "bench@example.com", password: "a long enough pass phrase", name: "Bench", workspaceName: "Bench" };
  const token = (await ask(null, "signUp", "SignUpInput", input, "{ accessToken }")).accessToken;
  const headers = { authorization: `Bearer ${token}` };
  const own = await post(`${url}/graphql`, { query: "{ workspaces { id } }" }, headers);
  const workspaceId = own.data.workspaces[0].id;
  const phone = (n) => `+1510${String(5_000_000 + n)}`;
  const ids = [];
  for (let n = 0; n < accounts; n += 1) {
    const account = { workspaceId, gateway: "SIMULATOR", phone: phone(n), name: `Till ${n}` };
    const { id: accountId } = await ask(token, "connectAccount", "ConnectAccountInput", account, "{ id }");
    await ask(token, "pauseAccount", "AccountInput", { accountId }, "{ id }");
    ids.push(accountId);
  }
  const webhook = await ask(token, "generateWebhookUrl", "WorkspaceInput", { workspaceId }, "{ url }");
  const path = new URL(webhook.url).pathname;
  for (let m = 0; m < backlog; m += 1) {
    // Sent, never delivered: no receipts, as there are none on the other side.
    const call = (n) => ({ action: "send", phone: "+12025550104", text: `message ${m}`, whatsapp_account_phone: phone(n) });
    await Promise.all(Array.from({ length: accounts }, (_, n) => post(`${url}${path}`, call(n))));
  }
  const resume = async () => {
    for (const accountId of ids) await ask(token, "resumeAccount", "AccountInput", { accountId }, "{ id }");
  };
  const sends = async () => {
    const query = "query($id: ID!) { workspace(id: $id) { queue { queued } } }";
    const answer = await post(`${url}/graphql`, { query, variables: { id: workspaceId } }, headers);
    return accounts * backlog - answer.data.workspace.queue.queued;
  };
  return { resume, sends };
}
