import { createPrismaStorage, type PrismaStorage, StorageError } from "../../dist/index.js";
import type { PrismaClient } from "../../generated/prisma/client.js";
import type { Competitor } from "../competitor.js";
import { createTable } from "../table.js";
import { LISTED } from "../workload.js";
import { createClient } from "./prisma-client.js";

function create(name: string, title: string, named: boolean, options: { readonly coalesceWrites?: true } = {}): Competitor {
  return {
    name,
    title,
    package: "hephaestus-prisma",
    ...(options.coalesceWrites && { measuredIn: ({ operation, size }) => operation === "put" && size === "2 KB" }),
    async setup(target) {
      await createTable(target.url);
      const client = await createClient(target, named);
      const storage = createStorage(client, options);
      if (storage === null) return null;
      return {
        put: ({ instance }) => storage.put(instance),
        get: (id) => storage.get(id),
        list: () => storage.query({ status: LISTED }),
        putMany: (works) => storage.putMany(works.map(({ instance }) => instance)),
        close: () => client.$disconnect(),
      };
    },
  };
}

/** A storage of this package, or `null` where its build doesn't have the option yet. */
function createStorage(client: PrismaClient, options: object): PrismaStorage | null {
  try {
    return createPrismaStorage(client, options);
  } catch (error) {
    if (error instanceof StorageError && error.code === "INVALID_OPTION") return null;
    throw error;
  }
}

export const hephaestus = create("hephaestus", "**hephaestus-prisma**", false);
export const hephaestusNamed = create("hephaestus-named", "**hephaestus-prisma**, named statements", true);
export const hephaestusCoalesced = create("hephaestus-coalesced", "**hephaestus-prisma**, `coalesceWrites`", false, {
  coalesceWrites: true,
});
export const hephaestusNamedCoalesced = create(
  "hephaestus-named-coalesced",
  "**hephaestus-prisma**, named statements, `coalesceWrites`",
  true,
  { coalesceWrites: true },
);
