// Express + BullMQ: the HTTP face. Redis syncs every write before it answers, so that 202 means kept here too.
import express from "express";
import { Queue } from "bullmq";
import { Redis } from "ioredis";

const destinations = process.env.DESTINATION_URLS.split(",");
const queue = new Queue("forward", { connection: new Redis(process.env.REDIS_URL, { maxRetriesPerRequest: null }) });
// A job that is done stays with what the destination answered: that is the record of its attempts.
const opts = { attempts: 20, backoff: { type: "exponential", delay: 5000 }, removeOnComplete: false, removeOnFail: false };
const app = express();
app.disable("x-powered-by");
app.disable("etag");

app.post("/reports", express.json(), async (request, response) => {
  const report = request.body;
  if (typeof report.message_id !== "string" || typeof report.content !== "string") {
    return response.status(422).json({ error: "message_id and content are needed" });
  }
  const jobs = destinations.map((destination, place) => ({
    name: "forward",
    data: { destination, report },
    opts: { ...opts, jobId: `${report.message_id}.${place}` },
  }));
  await queue.addBulk(jobs);
  response.status(202).json({ id: report.message_id });
});

const server = app.listen(Number(process.env.PORT), "127.0.0.1");
process.on("SIGTERM", () => server.close(() => process.exit(0)) && server.closeAllConnections());
