import pg from "pg";
import { createPgStorage } from "../../dist/pg/index.js";
import type { Candidate } from "../candidate.js";
import { createTable } from "../database.js";
import { LISTED } from "../workload.js";

function create(name: string, title: string, coalesces: boolean): Candidate {
  return {
    name,
    title,
    package: "hephaestus-prisma",
    // Coalescing changes nothing else.
    takesPartIn: ({ operation, size }) => !coalesces || ((operation === "put" || operation === "get") && size === "2 KB"),
    async connect({ url, pool: max }) {
      await createTable(url);
      const pool = new pg.Pool({ connectionString: url, max });
      pool.on("error", () => {}); // the server can stop before the last connection is closed
      const storage = createPgStorage(pool, { coalesceReads: coalesces, coalesceWrites: coalesces });
      return {
        put: ({ instance }) => storage.put(instance),
        get: (id) => storage.get(id),
        list: () => storage.query({ status: LISTED }),
        putMany: (entries) => storage.putMany(entries.map(({ instance }) => instance)),
        close: () => pool.end(),
      };
    },
  };
}

export const hephaestusPg = create("hephaestus-pg", "**hephaestus-prisma/pg**", false);
export const hephaestusPgCoalesced = create("hephaestus-pg-coalesced", "**hephaestus-prisma/pg**, both coalescings", true);
