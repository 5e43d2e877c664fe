import { createServer, type Socket } from "node:net";
import { createInterface } from "node:readline";

/** A mail server that delivers to nobody. */
export interface PostOffice {
  url: string;
  /** The first link in the newest mail to that address, once there is one. */
  linkFor: (address: string) => Promise<string>;
  stop: () => Promise<void>;
}

export async function openPostOffice(): Promise<PostOffice> {
  const mails: string[] = [];
  const arrived = new Set<() => void>();
  const server = createServer((socket) =>
    take(socket, (mail) => {
      mails.push(mail);
      for (const tell of arrived) tell();
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const find = (to: string) => mails.findLast((mail) => mail.includes(`To: ${to}`));
  return {
    url: `smtp://127.0.0.1:${port}`,
    linkFor: async (to) => {
      while (!find(to)) await new Promise<void>((resolve) => arrived.add(resolve));
      // Quoted-printable breaks long lines.
      const text = (find(to) ?? "").replaceAll("=\r\n", "").replaceAll("=3D", "=");
      return /https?:\/\/\S+/.exec(text)?.[0] ?? "";
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** As much SMTP as a sender needs. */
function take(socket: Socket, deliver: (mail: string) => void): void {
  const say = (line: string) => socket.write(`${line}\r\n`);
  let mail: string[] | undefined;
  say("220 here");
  createInterface({ input: socket }).on("line", (line) => {
    if (mail && line === ".") {
      deliver(mail.join("\r\n"));
      mail = undefined;
      say("250 kept");
    } else if (mail) mail.push(line);
    else if (line === "DATA") {
      mail = [];
      say("354 go on");
    } else if (line === "QUIT") socket.end("221 bye\r\n");
    else say("250 fine");
  });
}
