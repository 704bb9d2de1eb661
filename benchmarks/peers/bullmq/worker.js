// Express + BullMQ: the worker.
import { Worker } from "bullmq";
import { Redis } from "ioredis";
import { Agent, request } from "undici";

const agent = new Agent({ connections: 32 });
const headers = { "content-type": "application/json" };

async function forward(job) {
  const { destination, report } = job.data;
  const answer = await request(destination, { method: "POST", headers, body: JSON.stringify(report), dispatcher: agent });
  const text = await answer.body.text();
  if (answer.statusCode >= 300) throw new Error(`${destination} answered ${answer.statusCode}`);
  return { status: answer.statusCode, answer: text };
}

const connection = new Redis(process.env.REDIS_URL, { maxRetriesPerRequest: null });
const worker = new Worker("forward", forward, { connection, concurrency: 64 });
process.on("SIGTERM", () => worker.close().then(() => process.exit(0)));
