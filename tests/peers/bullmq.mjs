// A queue with a rate limit per account, as BullMQ's documentation has it. Prints how many jobs it has done when told to.

import { Queue, Worker } from "bullmq";

const [socket, accounts, backlog, paceMs] = process.argv.slice(2);
const connection = { path: socket, maxRetriesPerRequest: null };
let done = 0;

// What the program takes before it has any account is measured first.
process.send("loaded");
await new Promise((resolve) => process.once("message", resolve));

for (let n = 0; n < Number(accounts); n += 1) {
  const name = `account-${n}`;
  const queue = new Queue(name, { connection });
  const jobs = Array.from({ length: Number(backlog) }, (_, m) => ({ name: "send", data: { text: `message ${m}` } }));
  await queue.addBulk(jobs);
  await queue.close();
}
for (let n = 0; n < Number(accounts); n += 1) {
  const limiter = { max: 1, duration: Number(paceMs) };
  // The fastest gateway there is, so that only the queue is measured.
  const send = async () => {
    done += 1;
  };
  new Worker(`account-${n}`, send, { connection, limiter, concurrency: 1, removeOnComplete: { count: 0 } });
}
process.on("message", () => process.send(done));
process.send("ready");
