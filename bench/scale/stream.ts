import { createPrismaStorage } from "../../dist/index.js";
import { createClient } from "../prisma-client.js";

/** What a full stream of the table takes. */
export interface StreamFigures {
  readonly instances: number;
  readonly seconds: number;
  /** MB of memory at the peak, above those before the stream. */
  readonly memory: number;
}

// In a process of its own: one that has done other work holds free memory already, and the stream would seem to need none.
const client = await createClient({ url: process.argv[2] ?? "", pool: 1 });
const storage = createPrismaStorage(client, { table: "public.workflow_instances" });
await storage.query({}, { limit: 100 });
const base = process.memoryUsage().rss;
const start = performance.now();
let peak = base;
let instances = 0;
const stream = storage.stream();
while ((await stream.next()).done !== true) if (++instances % 500 === 0) peak = Math.max(peak, process.memoryUsage().rss);
const figures: StreamFigures = { instances, seconds: (performance.now() - start) / 1000, memory: (peak - base) / 2 ** 20 };
process.stdout.write(JSON.stringify(figures));
await client.$disconnect();
