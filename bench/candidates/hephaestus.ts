import { createPrismaStorage } from "../../dist/index.js";
import type { Candidate } from "../candidate.js";
import { createTable } from "../database.js";
import { createClient, nameStatements } from "../prisma-client.js";
import { LISTED } from "../workload.js";

function create(name: string, title: string, { named = false, coalesceWrites = false }): Candidate {
  return {
    name,
    title,
    package: "hephaestus-prisma",
    // Coalescing changes nothing else.
    takesPartIn: ({ operation, size }) => !coalesceWrites || (operation === "put" && size === "2 KB"),
    async connect(database) {
      await createTable(database.url);
      const client = await createClient(database, named ? nameStatements() : undefined);
      const storage = createPrismaStorage(client, { coalesceWrites });
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

export const hephaestus = create("hephaestus", "**hephaestus-prisma**", {});
export const hephaestusNamed = create("hephaestus-named", "**hephaestus-prisma**, named statements", { named: true });
export const hephaestusCoalesced = create("hephaestus-coalesced", "**hephaestus-prisma**, `coalesceWrites`", { coalesceWrites: true });
export const hephaestusNamedCoalesced = create("hephaestus-named-coalesced", "**hephaestus-prisma**, named statements, `coalesceWrites`", {
  named: true,
  coalesceWrites: true,
});
