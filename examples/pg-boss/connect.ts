import { PrismaPg } from "@prisma/adapter-pg";
import { createPrismaStorage } from "hephaestus-prisma";
import pg from "pg";
import { PrismaClient } from "../../generated/prisma/client.js";
import { OrderEngine } from "./engine.js";
import { StepQueue } from "./queue.js";

/** An engine with its connections. */
export interface Connected {
  readonly engine: OrderEngine;
  readonly prisma: PrismaClient;
  readonly queue: StepQueue;
  readonly close: () => Promise<void>;
}

export async function connect(connectionString: string, stepTimeoutSeconds = 60): Promise<Connected> {
  const pool = new pg.Pool({ connectionString });
  // A connection that is cut between two statements says so here. Without a listener, that would end the process.
  pool.on("error", () => {}).on("connect", (client) => client.on("error", () => {}));
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  const queue = new StepQueue(connectionString);
  await queue.start(stepTimeoutSeconds);
  return {
    engine: new OrderEngine(prisma, createPrismaStorage(prisma), queue),
    prisma,
    queue,
    async close() {
      await queue.stop();
      await prisma.$disconnect();
      await pool.end();
    },
  };
}
