import { expect, type Page } from "@playwright/test";
import type { Send } from "./look";
import type { Meta } from "./meta";
import { type Ask, logInOverApi } from "./owner";
import type { Program } from "./program";
import type { DayIds } from "./states";
import { DEMO_SHOP } from "./story";

const SAIGON = "+84901234567";
const WHOLESALE = "+6281234567890";
const SUPPORT = "+14155550123";
const LAN = "+14155550142";
const HOA = "+84901112233";

/** Whose queues are filled, in turn. */
const FILLED = [DEMO_SHOP, SAIGON, DEMO_SHOP, WHOLESALE];

const TEXTS = [
  "Your order 1042 is on its way. It arrives tomorrow before noon.",
  "Cảm ơn bạn đã mua hàng! Mã giảm giá cho lần sau: NHIP10",
  "Your table for four is booked: Friday, 19:30.",
  "Đơn hàng 2087 đã sẵn sàng, mời bạn ghé cửa hàng trước 20 giờ.",
  "A reminder: you have an appointment with Dr Trần tomorrow at 9:30.",
  "We received your payment of $48.00. Thank you!",
];
const CONVERSATION = [
  "Hello Lan, your order 1042 is packed.",
  "It leaves our store this afternoon.",
  "Chị kiểm tra giúp em địa chỉ giao hàng: 12 Lê Lợi, Quận 1.",
  "It arrives tomorrow before noon. Have a lovely day!",
];
const MISTAKEN_CALLS = [
  '{"action": "send", "text": "Who shall get this?"}',
  '{"action": "send", "chat_name": "The Whole Team", "text": "We meet at nine."}',
  '{\n  "action": "send",\n  "phone": "+14155550177"\n  "text": "20% off this weekend"\n}',
];

interface Stage {
  program: Program;
  meta: Meta;
  send: Send;
}

/** A day in a shop: accounts in several states, people who were written to, mistaken calls, queues. */
export async function openDay({ program, meta, send }: Stage): Promise<DayIds> {
  const ask = await logInOverApi(program.url);
  const { workspaces } = await ask<{ workspaces: { id: string }[] }>("{ workspaces { id } }");
  const workspaceId = workspaces[0]?.id ?? "";
  const atMeta = await runOutAtMeta(ask, workspaceId, meta, send);
  const wholesale = await connect(ask, { workspaceId, phone: WHOLESALE, name: "Wholesale" });
  await ask("mutation ($id: ID!) { pauseAccount(input: { accountId: $id }) { id } }", wholesale);
  const account = (await connect(ask, { workspaceId, phone: SAIGON, name: "Saigon" })).id;
  const pace = { accountId: account, minMs: 4_000, maxMs: 8_000 };
  await ask("mutation ($pace: SetAccountPaceInput!) { setAccountPace(input: $pace) { id } }", { pace });

  for (const body of MISTAKEN_CALLS) await fetch(program.webhookUrl, { method: "POST", body });
  const failed = await send("+12025550101", "Your appointment is confirmed for Friday, 9:30.", DEMO_SHOP);
  await send("+12025550121", "Is the yellow dress still there?", DEMO_SHOP);
  for (const text of CONVERSATION) await send(LAN, text, DEMO_SHOP);
  const read = await send("+14151231234", TEXTS[0] ?? "", DEMO_SHOP);
  await expect.poll(() => statusOf(ask, workspaceId, read), { timeout: 60_000 }).toBe("READ");
  const chat = await findChat(ask, workspaceId, LAN);
  await renameChat(ask, chat, "Lan Nguyễn");
  const queued = await send("+14155550143", "Our new price list is ready.", WHOLESALE);
  await fillQueues(send);
  const chatAtMeta = await findChat(ask, workspaceId, "Cô Hoa");
  const fresh = await createWorkspace(ask, "Flower market");
  return { workspaceId, read, failed, queued, chat, account, atMeta, chatAtMeta, fresh };
}

interface Connected {
  id: string;
  callbackUrl: string | null;
}

async function connect(ask: Ask, input: object): Promise<Connected> {
  const query =
    "mutation ($input: ConnectAccountInput!) { connectAccount(input: $input) { id callbackUrl } }";
  const variables = { input: { gateway: "SIMULATOR", ...input } };
  return (await ask<{ connectAccount: Connected }>(query, variables)).connectAccount;
}

/** An account at Meta whose token ran out when it had something to say. */
async function runOutAtMeta(ask: Ask, workspaceId: string, meta: Meta, send: Send): Promise<string> {
  const number = meta.addNumber(SUPPORT);
  const { phone, ...credentials } = number;
  const cloudApi = { ...credentials, verifyToken: "a-verify-token" };
  const input = { workspaceId, gateway: "CLOUD_API", phone, name: "Support", cloudApi };
  const { id, callbackUrl } = await connect(ask, input);
  await meta.verify(number, callbackUrl ?? "", cloudApi.verifyToken);
  await meta.write(number, HOA.slice(1), "Cô Hoa");
  meta.renewToken(number);
  await send(HOA, "Chào cô Hoa, shop đã nhận được tin của cô.", phone);
  const query =
    "query ($workspaceId: ID!, $id: ID!) { workspace(id: $workspaceId) { account(id: $id) { state } } }";
  const stateOf = async () =>
    (await ask<{ workspace: { account: { state: string } } }>(query, { workspaceId, id })).workspace.account
      .state;
  await expect.poll(stateOf).toBe("LOGGED_OUT");
  return id;
}

async function statusOf(ask: Ask, workspaceId: string, id: string): Promise<string> {
  const query =
    "query ($workspaceId: ID!, $id: ID!) { workspace(id: $workspaceId) { message(id: $id) { status } } }";
  const { workspace } = await ask<{ workspace: { message: { status: string } } }>(query, { workspaceId, id });
  return workspace.message.status;
}

/** The chat with that number or name, once there is one. */
async function findChat(ask: Ask, workspaceId: string, search: string): Promise<string> {
  const query =
    "query ($workspaceId: ID!, $search: String) { workspace(id: $workspaceId) { chats(search: $search, first: 1) { nodes { id } } } }";
  const find = async () => {
    const { workspace } = await ask<{ workspace: { chats: { nodes: { id: string }[] } } }>(query, {
      workspaceId,
      search,
    });
    return workspace.chats.nodes[0]?.id ?? "";
  };
  await expect.poll(find).not.toBe("");
  return find();
}

async function renameChat(ask: Ask, chatId: string, name: string): Promise<void> {
  const query = "mutation ($input: RenameChatInput!) { renameChat(input: $input) { id } }";
  await ask(query, { input: { chatId, name } });
}

async function createWorkspace(ask: Ask, name: string): Promise<string> {
  const query = "mutation ($name: String!) { createWorkspace(input: { name: $name }) { id } }";
  return (await ask<{ createWorkspace: { id: string } }>(query, { name })).createWorkspace.id;
}

/** Messages to a dozen people, from each account that can take them. */
export async function fillQueues(send: Send): Promise<void> {
  for (let count = 0; count < 24; count += 1) {
    const account = FILLED[count % FILLED.length];
    await send(`+141555501${50 + (count % 12)}`, TEXTS[count % TEXTS.length] ?? "", account);
  }
}

/** The chart of a workspace shows hours that the program did not live: where nothing happened, something did. */
export async function pretendAPast(page: Page, workspaceId: string): Promise<void> {
  await page.route("**/graphql", async (route) => {
    const asked = route.request().postData() ?? "";
    if (!asked.includes("query Activity(") || !asked.includes(workspaceId)) return route.fallback();
    const response = await route.fetch();
    const { data } = await response.json();
    data?.workspace?.activity?.forEach(livelier);
    await route.fulfill({ response, json: { data } });
  });
}

interface Bucket {
  accepted: number;
  sent: number;
  failed: number;
}

/** Busier towards the middle, and never quite even. */
function livelier(bucket: Bucket, index: number, all: Bucket[]): void {
  if (bucket.accepted > 0 || bucket.sent > 0) return;
  const tide = 2 - Math.cos((4 * Math.PI * index) / all.length);
  bucket.sent = Math.round(12 * tide + ((index * 7) % 5));
  bucket.accepted = bucket.sent + ((index * 3) % 4 === 0 ? 2 : 0);
}
