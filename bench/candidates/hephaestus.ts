import { createPrismaStorage } from "../../dist/index.js";
import type { Candidate } from "../candidate.js";
import { createTable } from "../database.js";
import { createClient } from "../prisma-client.js";
import { LISTED } from "../workload.js";

interface Way {
  /** By SQL instead of Prisma's verbs. */
  readonly table?: string;
  readonly coalesces?: boolean;
}

function create(name: string, title: string, { coalesces = false, ...options }: Way): Candidate {
  return {
    name,
    title,
    package: "hephaestus-prisma",
    // Coalescing changes nothing else.
    takesPartIn: ({ operation, size }) => !coalesces || ((operation === "put" || operation === "get") && size === "2 KB"),
    async connect(database) {
      await createTable(database.url);
      const client = await createClient(database);
      const storage = createPrismaStorage(client, { ...options, ...(coalesces && { coalesceReads: true, coalesceWrites: true }) });
      return {
        put: ({ instance }) => storage.put(instance),
        get: (id) => storage.get(id),
        list: () => storage.query({ status: LISTED }),
        putMany: (entries) => storage.putMany(entries.map(({ instance }) => instance)),
        close: () => client.$disconnect(),
      };
    },
  };
}

const table = "public.workflow_instances";

export const hephaestus = create("hephaestus", "**hephaestus-prisma**, Prisma's verbs", {});
export const hephaestusSql = create("hephaestus-sql", "**hephaestus-prisma**, `table`", { table });
export const hephaestusSqlCoalesced = create("hephaestus-sql-coalesced", "**hephaestus-prisma**, `table`, both coalescings", {
  table,
  coalesces: true,
});
