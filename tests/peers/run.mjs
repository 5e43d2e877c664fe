// `make bench-peers`: what a paced send costs Nhip's worker, against a BullMQ queue with a limiter per account, in one run.
// Told where things are by scripts/bench-peers: the programs, a PostgreSQL, a folder.

import { fork, spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import Redis from "ioredis";
import { measure, usage } from "./figures.mjs";
import { fill } from "./nhip.mjs";

const { PEERS_BINARIES: binaries, PEERS_DATABASE_URL: database, PEERS_FOLDER: folder } = process.env;
const ACCOUNTS = Number(process.env.PEERS_ACCOUNTS ?? 3000);
const PACE_MS = 1000;
/** How far a pause may be from a second: 0.25 is as random as a pace is by default, 0 keeps all beats at one moment. */
const RANDOM = Number(process.env.PEERS_RANDOM ?? 0.25);
const WARM_S = 5;
/** So long a worker does next to nothing once it has caught up. */
const IDLE_S = 3;
const WINDOW_S = 15;
const BACKLOG = Math.ceil(((WARM_S + WINDOW_S) * 1000) / PACE_MS) + 15;
const children = [];

function start(command, args, env = {}) {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ["ignore", "ignore", "inherit"] });
  children.push(child);
  return child;
}

async function redis(name) {
  const socket = `${folder}/${name}.sock`;
  start("redis-server", ["--port", "0", "--unixsocket", socket, "--save", "", "--appendonly", "no"]);
  const client = new Redis({ path: socket, retryStrategy: () => 100, maxRetriesPerRequest: null });
  client.on("error", () => {});
  await client.ping();
  return { socket, client };
}

async function theirs() {
  const { socket, client } = await redis("bullmq");
  const child = fork(new URL("bullmq.mjs", import.meta.url), [socket, ACCOUNTS, BACKLOG, PACE_MS]);
  children.push(child);
  await new Promise((resolve) => child.once("message", resolve));
  const empty = usage(child.pid);
  child.send("begin");
  await new Promise((resolve) => child.once("message", resolve));
  await sleep(WARM_S * 1000);
  const sends = () =>
    new Promise((resolve) => {
      child.once("message", resolve);
      child.send("how many?");
    });
  const figures = await measure({ pid: child.pid, redis: client, sends, seconds: WINDOW_S });
  child.kill();
  return added(figures, empty);
}

async function ours() {
  const { socket, client } = await redis("nhip");
  const settings = {
    NHIP_DATABASE_URL: database,
    NHIP_REDIS_URL: `redis+unix://${socket}`,
    NHIP_SECRET_KEY: "a-key-for-a-benchmark-of-32-bytes-and-more",
    NHIP_LISTEN: "127.0.0.1:18473",
    NHIP_SIGNUP_CREDITS: "10000000",
    NHIP_PACE_MIN_MS: String(PACE_MS * (1 - RANDOM)),
    NHIP_PACE_MAX_MS: String(PACE_MS * (1 + RANDOM)),
    NHIP_LOG: "warn",
  };
  start(`${binaries}/nhip`, ["serve", "--no-worker", "--migrate"], settings);
  const url = `http://${settings.NHIP_LISTEN}`;
  while (!(await fetch(`${url}/readyz`).then((answer) => answer.ok, () => false))) await sleep(100);
  const empty = await usageOfAnEmptyWorker(settings);
  const { resume, sends } = await fill({ url, accounts: ACCOUNTS, backlog: BACKLOG });
  const accountedMs = await accountForTheBacklog(settings);
  await resume();
  const worker = start(`${binaries}/nhip-worker`, [], settings);
  await sleep(WARM_S * 1000);
  const figures = await measure({ pid: worker.pid, redis: client, sends, seconds: WINDOW_S });
  worker.kill();
  return { ...added(figures, empty), accountedMs };
}

/**
 * What a worker does once for each message, besides sending it: a place in the billing stream, and the search's index. Done
 * before anything is measured, as it would have been if the messages had come one by one. CPU milliseconds a message.
 */
async function accountForTheBacklog(settings) {
  const worker = start(`${binaries}/nhip-worker`, [], settings);
  let before = { cpu: 0 };
  for (let idle = 0; idle < IDLE_S; ) {
    await sleep(1000);
    const now = usage(worker.pid);
    idle = now.cpu - before.cpu < 0.05 ? idle + 1 : 0;
    before = now;
  }
  worker.kill();
  await new Promise((resolve) => worker.once("exit", resolve));
  return (before.cpu * 1000) / (ACCOUNTS * BACKLOG);
}

async function usageOfAnEmptyWorker(settings) {
  const worker = start(`${binaries}/nhip-worker`, [], settings);
  await sleep(WARM_S * 1000);
  const empty = usage(worker.pid);
  worker.kill();
  await new Promise((resolve) => worker.once("exit", resolve));
  return empty;
}

/** With the bytes that an account adds. */
function added(figures, empty) {
  return { ...figures, bytesPerAccount: (figures.bytes - empty.bytes) / ACCOUNTS };
}

try {
  const [bullmq, nhip] = [await theirs(), await ours()];
  const row = (what, of, digits) => {
    const [a, b] = [of(nhip), of(bullmq)];
    console.log(`${what.padEnd(28)}${a.toFixed(digits).padStart(10)}${b.toFixed(digits).padStart(10)}   1/${(b / a).toFixed(1)}`);
  };
  console.log(`${ACCOUNTS} accounts, a send a second each      nhip    bullmq   ratio`);
  row("sends", (it) => it.sent, 0);
  row("CPU per send, ms", (it) => it.cpuMs, 3);
  row("memory in all, MiB", (it) => it.bytes / 1024 / 1024, 0);
  row("memory an account adds, KiB", (it) => it.bytesPerAccount / 1024, 1);
  row("Redis commands per send", (it) => it.commands, 2);
  console.log(`besides, for each message once: ${nhip.accountedMs.toFixed(3)} ms of CPU, for the billing stream and the search`);
} catch (err) {
  console.error(`error: ${err.message}`);
  process.exitCode = 1;
} finally {
  for (const child of children) child.kill("SIGKILL");
  process.exit();
}
