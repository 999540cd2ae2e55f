import type pg from "pg";
import { withConnection } from "../database.js";
import { median, sum } from "../statistics.js";
import { connectDatabase, type ScaleDatabase } from "./database.js";
import { instanceOf } from "./data.js";
import { walPosition } from "./table-statistics.js";

/** What some indexes cost a `put`. */
export interface IndexCost {
  /** Which indexes. */
  readonly without: string;
  readonly megabytes: number;
  /** Bytes of WAL that they add to a put. */
  readonly wal: number;
  /** The time of a put with them, divided by the time without them. */
  readonly time: number;
}

const ROUNDS = 8;
const PUTS = 250;
const COPIES = ["index_all", "index_less"] as const;

interface Measured {
  readonly wal: number[];
  readonly milliseconds: number[];
}

/** Puts into two copies of a database alternately, one of which lacks some indexes. */
export async function measureIndexCosts(source: string, rows: number, onDatabase: (database: string) => string): Promise<IndexCost[]> {
  return withConnection(onDatabase("postgres"), async (admin) => {
    const costs: IndexCost[] = [];
    try {
      for (const { name, dropped } of await withConnection(onDatabase(source), removals)) {
        // Both are fresh copies: pages that earlier puts have split have room, and are split less often.
        for (const copy of COPIES) await copyDatabase(admin, source, copy);
        const [all, less] = [await connectDatabase(onDatabase(COPIES[0])), await connectDatabase(onDatabase(COPIES[1]))];
        try {
          for (const index of dropped) await less.sql.query(`DROP INDEX "${index.name}"`);
          const [more, fewer] = await putAlternately([all, less], rows);
          costs.push({
            without: name,
            megabytes: sum(dropped.map(({ megabytes }) => megabytes)),
            wal: (sum(more.wal) - sum(fewer.wal)) / (ROUNDS * PUTS),
            time: median(more.milliseconds) / median(fewer.milliseconds),
          });
        } finally {
          await all.close();
          await less.close();
        }
      }
    } finally {
      for (const copy of COPIES) await admin.query(`DROP DATABASE IF EXISTS ${copy} WITH (FORCE)`);
    }
    return costs;
  });
}

interface Index {
  readonly name: string;
  readonly megabytes: number;
}

/** Which indexes are removed, one after the other, and then together. */
async function removals(sql: pg.Client): Promise<{ readonly name: string; readonly dropped: readonly Index[] }[]> {
  const { rows: indexes } = await sql.query<Index>(`
    SELECT c.relname AS name, pg_relation_size(c.oid)::float8 / 1048576 AS megabytes
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE i.indrelid = 'workflow_instances'::regclass AND NOT i.indisprimary ORDER BY c.relname`);
  return [
    { name: "(none: shows how exact the measurement is)", dropped: [] },
    ...indexes.map((index) => ({ name: index.name, dropped: [index] })),
    { name: "all that this package adds", dropped: indexes.filter(({ name }) => /_id_index$|_pattern_index$/.test(name)) },
    { name: "all but the primary key", dropped: indexes },
  ];
}

async function copyDatabase(admin: pg.Client, source: string, name: string): Promise<void> {
  await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await admin.query(`CREATE DATABASE ${name} TEMPLATE ${source} STRATEGY file_copy`);
}

async function putAlternately(databases: readonly [ScaleDatabase, ScaleDatabase], rows: number): Promise<readonly [Measured, Measured]> {
  const measured: readonly [Measured, Measured] = [
    { wal: [], milliseconds: [] },
    { wal: [], milliseconds: [] },
  ];
  for (let round = -1; round < ROUNDS; round++) {
    // The same instances for both; which one is first changes with the round, so that neither has the warmer caches.
    const chosen = Array.from({ length: PUTS }, () => instanceOf(Math.floor(Math.random() * rows), Math.ceil(Math.random() * 1e9)));
    for (const side of round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
      const { storage, sql } = databases[side];
      const before = await walPosition(sql);
      for (const instance of chosen) {
        const start = performance.now();
        await storage.put(instance);
        if (round >= 0) measured[side].milliseconds.push(performance.now() - start);
      }
      if (round >= 0) measured[side].wal.push((await walPosition(sql)) - before);
    }
  }
  return measured;
}
