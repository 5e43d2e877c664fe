// What a process and a Redis have used so far.

import { readFileSync } from "node:fs";

const TICKS_PER_SECOND = 100;

/** CPU seconds and private bytes of a process: pages of a program's file are shared, and dropped when memory runs short. */
export function usage(pid) {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const cpu = (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  const kib = Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))[1]);
  return { cpu, bytes: kib * 1024 };
}

/** Commands that a Redis has processed. */
export async function commands(redis) {
  const stats = await redis.info("stats");
  return Number(/total_commands_processed:(\d+)/.exec(stats)[1]);
}

/** What `sends` within `seconds` cost. */
export async function measure({ pid, redis, sends, seconds }) {
  const before = { ...usage(pid), commands: await commands(redis), sends: await sends() };
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
  const after = { ...usage(pid), commands: await commands(redis), sends: await sends() };
  const sent = after.sends - before.sends;
  return {
    sent,
    cpuMs: ((after.cpu - before.cpu) * 1000) / sent,
    // Without our own question.
    commands: (after.commands - before.commands - 1) / sent,
    bytes: after.bytes,
  };
}
