import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Where `make test` puts it; another one may be named. */
const PROGRAM = process.env.PROGRAM ?? "../target/debug/nhip";

/** A demo of one's own: its address, its webhook, and how to end it. */
export interface Program {
  url: string;
  webhookUrl: string;
  stop: () => Promise<void>;
}

/** Starts `nhip serve --demo` on a free port with an empty folder; `settings` are its environment's. */
export async function startProgram(settings: Record<string, string> = {}): Promise<Program> {
  const folder = await mkdtemp(join(tmpdir(), "nhip-story-"));
  const env = { ...process.env, NHIP_DATA_DIR: folder, NHIP_LISTEN: "127.0.0.1:0", ...settings };
  const child = spawn(PROGRAM, ["serve", "--demo"], { env, stdio: ["ignore", "pipe", "inherit"] });
  const webhookUrl = await printed(child, /The webhook's URL is\s+(\S+)/);
  return {
    url: new URL(webhookUrl).origin,
    webhookUrl,
    stop: async () => {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}

function printed(child: ChildProcess, wanted: RegExp): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout?.on("data", (chunk) => {
      text += chunk;
      const found = wanted.exec(text)?.[1];
      if (found) resolve(found);
    });
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`${PROGRAM} ended with ${code}: ${text}`)));
  });
}
