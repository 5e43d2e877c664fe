import { createHmac, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";

/** How long a connection may be idle, which is longer than the program leaves one. */
const KEPT_MS = 60_000;

/** A business number, and what its owner copies from Meta's pages. */
export interface NumberAtMeta {
  /** As Meta shows it: a plus sign and digits. */
  phone: string;
  phoneNumberId: string;
  businessAccountId: string;
  accessToken: string;
  appSecret: string;
}

/** A text that Meta took. */
interface Taken {
  number: NumberAtMeta;
  /** The recipient's digits. */
  to: string;
  text: string;
  /** The sender's id for it, which Meta repeats in its reports. */
  ownId: string;
  /** Meta's id for it. */
  wamid: string;
}

interface Answer {
  status: number;
  body: object;
}

/**
 * Meta, as far as an owner meets it: a Graph API that keeps numbers, checks what it is asked, takes texts, and calls
 * back, signed. It takes free texts alone, and only to who wrote first, as Meta does without a template.
 */
export class Meta {
  readonly #server: Server;
  readonly #numbers: NumberAtMeta[] = [];
  readonly #taken: Taken[] = [];
  /** Where reports about a number go, by its id. */
  readonly #callbacks = new Map<string, string>();
  /** Who wrote to a number: its id and their digits. */
  readonly #wrote = new Set<string>();
  readonly #waiting = new Set<() => void>();
  #ids = 0;

  static async open(): Promise<Meta> {
    const meta = new Meta();
    await new Promise<void>((resolve) => meta.#server.listen(0, "127.0.0.1", resolve));
    return meta;
  }

  private constructor() {
    this.#server = createServer(async (request, response) => {
      const { status, body } = this.#answer(request, await textOf(request));
      response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(body));
    });
    // Like Meta, it does not hang up on a connection that the program still keeps: what is sent just then is lost.
    this.#server.keepAliveTimeout = KEPT_MS;
  }

  /** What `NHIP_GRAPH_API_URL` is set to. */
  get url(): string {
    const address = this.#server.address();
    return `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}/v23.0`;
  }

  stop(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  /** A number that somebody registered at Meta. */
  addNumber(phone: string): NumberAtMeta {
    const id = String(this.#nextId()).padStart(4, "0");
    const number = {
      phone,
      phoneNumberId: `10654035224${id}`,
      businessAccountId: `20654035224${id}`,
      accessToken: newToken(),
      appSecret: randomBytes(16).toString("hex"),
    };
    this.#numbers.push(number);
    return number;
  }

  /** From now on the number's token has run out, and its owner has made this new one. */
  renewToken(number: NumberAtMeta): string {
    number.accessToken = newToken();
    return number.accessToken;
  }

  /** *Verify and save* on Meta's page about webhooks. */
  async verify(number: NumberAtMeta, callbackUrl: string, verifyToken: string): Promise<void> {
    const url = new URL(callbackUrl);
    url.searchParams.set("hub.mode", "subscribe");
    url.searchParams.set("hub.verify_token", verifyToken);
    url.searchParams.set("hub.challenge", "1158201444");
    const response = await fetch(url);
    if ((await response.text()) !== "1158201444") {
      throw new Error(`The URL couldn't be validated: ${response.status}`);
    }
    this.#callbacks.set(number.phoneNumberId, callbackUrl);
  }

  /** The text, once it has come. */
  async taken(text: string): Promise<Taken> {
    for (;;) {
      const found = this.#taken.find((each) => each.text === text);
      if (found) return found;
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
  }

  /** Reports what became of a text, one callback after the other. */
  async report(
    { number, to, ownId, wamid }: Taken,
    ...statuses: ("sent" | "delivered" | "read")[]
  ): Promise<void> {
    for (const status of statuses) {
      const told = { id: wamid, status, timestamp: now(), recipient_id: to, biz_opaque_callback_data: ownId };
      await this.#callBack(number, { statuses: [told] });
    }
  }

  /** Somebody writes to the number. */
  async write(number: NumberAtMeta, from: string, name: string): Promise<void> {
    this.#wrote.add(`${number.phoneNumberId} ${from}`);
    const id = `wamid.IN${this.#nextId()}`;
    const message = { from, id, timestamp: now(), type: "text", text: { body: "hello" } };
    await this.#callBack(number, { contacts: [{ wa_id: from, profile: { name } }], messages: [message] });
  }

  async #callBack(number: NumberAtMeta, told: object): Promise<void> {
    const metadata = { display_phone_number: number.phone.slice(1), phone_number_id: number.phoneNumberId };
    const value = { messaging_product: "whatsapp", metadata, ...told };
    const entry = [{ id: number.businessAccountId, changes: [{ field: "messages", value }] }];
    const body = escaped(JSON.stringify({ object: "whatsapp_business_account", entry }));
    const signature = `sha256=${sign(number.appSecret, body)}`;
    const headers = { "Content-Type": "application/json", "X-Hub-Signature-256": signature };
    const url = this.#callbacks.get(number.phoneNumberId) ?? "";
    const response = await fetch(url, { method: "POST", headers, body });
    if (!response.ok) throw new Error(`${url} answered a callback with ${response.status}`);
  }

  #answer(request: IncomingMessage, body: string): Answer {
    const url = new URL(request.url ?? "", "http://graph");
    const [, , id = "", what] = url.pathname.split("/");
    const number = this.#numbers.find((each) => each.phoneNumberId === id || each.businessAccountId === id);
    if (!number) return refusal(400, 100, "Object does not exist", 33);
    if (request.headers.authorization !== `Bearer ${number.accessToken}`) {
      return refusal(401, 190, "Error validating access token: Session has expired", 463);
    }
    if (url.searchParams.get("appsecret_proof") !== sign(number.appSecret, number.accessToken)) {
      return refusal(400, 100, "Invalid appsecret_proof provided in the API argument");
    }
    switch (`${request.method} ${what ?? ""}`) {
      case "GET ":
        return lookUp(number);
      case "GET phone_numbers":
        return { status: 200, body: { data: [{ id: number.phoneNumberId }] } };
      case "GET subscribed_apps":
        return { status: 200, body: { data: [] } };
      case "POST subscribed_apps":
        return { status: 200, body: { success: true } };
      case "POST messages":
        return this.#take(number, JSON.parse(body));
      default:
        return refusal(400, 100, `Unsupported request: ${request.method} ${url.pathname}`);
    }
  }

  #take(number: NumberAtMeta, message: Sent): Answer {
    const { messaging_product, recipient_type, to: input, type, text } = message;
    const { biz_opaque_callback_data: ownId } = message;
    const wellFormed =
      messaging_product === "whatsapp" && recipient_type === "individual" && /^\+\d{7,15}$/.test(input);
    const to = input.slice(1);
    if (!wellFormed || type !== "text" || !text?.body) return refusal(400, 100, "Invalid parameter");
    if (!this.#wrote.has(`${number.phoneNumberId} ${to}`))
      return refusal(400, 131_047, "Re-engagement message");
    const wamid = `wamid.OUT${this.#nextId()}`;
    this.#taken.push({ number, to, text: text.body, ownId, wamid });
    for (const tell of this.#waiting) tell();
    const contacts = [{ input, wa_id: to }];
    return { status: 200, body: { messaging_product, contacts, messages: [{ id: wamid }] } };
  }

  #nextId(): number {
    this.#ids += 1;
    return this.#ids;
  }
}

/** What is read of a message that is to be sent. */
interface Sent {
  messaging_product: string;
  recipient_type: string;
  to: string;
  type: string;
  text?: { body?: string };
  biz_opaque_callback_data: string;
}

function lookUp({ phone, phoneNumberId }: NumberAtMeta): Answer {
  return { status: 200, body: { id: phoneNumberId, display_phone_number: phone, verified_name: "Till" } };
}

function refusal(status: number, code: number, message: string, error_subcode?: number): Answer {
  const error = { message: `(#${code}) ${message}`, type: "OAuthException", code, error_subcode };
  return { status, body: { error } };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  return text;
}

/** Meta signs what it sends, and it sends nothing but ASCII. */
function escaped(json: string): string {
  return json.replace(/[^\0-\x7f]/g, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

function sign(appSecret: string, text: string): string {
  return createHmac("sha256", appSecret).update(text).digest("hex");
}

function newToken(): string {
  return `EAAGm0PX4ZCpsBA${randomBytes(16).toString("hex")}`;
}

function now(): string {
  return String(Math.floor(Date.now() / 1_000));
}
