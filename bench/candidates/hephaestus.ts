import { createPrismaStorage } from "../../dist/index.js";
import type { Candidate } from "../candidate.js";
import { createTable } from "../database.js";
import { createClient, nameStatements } from "../prisma-client.js";
import { LISTED } from "../workload.js";

interface Way {
  /** By SQL instead of Prisma's verbs. */
  readonly table?: string;
  readonly named?: boolean;
  readonly coalesceWrites?: boolean;
}

function create(name: string, title: string, { named = false, ...options }: Way): Candidate {
  return {
    name,
    title,
    package: "hephaestus-prisma",
    // Coalescing changes nothing else.
    takesPartIn: ({ operation, size }) => options.coalesceWrites !== true || (operation === "put" && size === "2 KB"),
    async connect(database) {
      await createTable(database.url);
      const client = await createClient(database, named ? nameStatements() : undefined);
      const storage = createPrismaStorage(client, options);
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

export const hephaestus = create("hephaestus", "**hephaestus-prisma**", {});
export const hephaestusNamed = create("hephaestus-named", "**hephaestus-prisma**, named statements", { named: true });
export const hephaestusSql = create("hephaestus-sql", "**hephaestus-prisma**, `table`", { table });
export const hephaestusSqlNamed = create("hephaestus-sql-named", "**hephaestus-prisma**, `table`, named statements", {
  table,
  named: true,
});
export const hephaestusSqlCoalesced = create("hephaestus-sql-coalesced", "**hephaestus-prisma**, `table`, `coalesceWrites`", {
  table,
  coalesceWrites: true,
});
