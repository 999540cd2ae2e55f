// A worker process: runs steps until it is told to stop. Its parent plays the other systems that the steps call.
import { randomUUID } from "node:crypto";
import { connect } from "./connect.js";
import type { CallService } from "./order.js";

/** A call that a worker makes. The parent replies with the same `call`. */
export interface ServiceCall {
  readonly call: string;
  readonly action: string;
  readonly key: string;
}

/** The receipt of a call, or why it failed. */
export interface ServiceReply {
  readonly call: string;
  readonly receipt?: string;
  readonly failure?: string;
}

const { engine, queue, close } = await connect(process.env.DATABASE_URL ?? "");
const callParent: CallService = (action, key) =>
  new Promise((resolve, reject) => {
    const call = randomUUID();
    const listen = (reply: ServiceReply): void => {
      if (reply.call !== call) return;
      process.off("message", listen);
      if (reply.receipt === undefined) reject(new Error(reply.failure));
      else resolve(reply.receipt);
    };
    process.on("message", listen);
    process.send?.({ call, action, key } satisfies ServiceCall);
  });

await queue.work((job) => engine.run(job, callParent));
process.once("disconnect", () => void close());
