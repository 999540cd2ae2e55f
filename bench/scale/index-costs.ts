import { percentile } from "./percentile.js";
import { connectDatabase, type ScaleDatabase } from "./database.js";
import { instanceOf } from "./data.js";

/** What a `put` would be without some indexes. */
export interface IndexCost {
  /** Which ones. */
  readonly without: string;
  readonly megabytes: number;
  /** Bytes of WAL that they cost a put. */
  readonly wal: number;
  /** How long a put takes with them, where it takes 1 without them. */
  readonly time: number;
}

const ROUNDS = 8;
const PUTS = 250;
const COPIES = ["index_all", "index_less"] as const;

interface Measured {
  readonly wal: number[];
  readonly milliseconds: number[];
}

/** Puts into two copies of a database by turns, one of which lacks some indexes. */
export async function measureIndexCosts(source: string, rows: number, onDatabase: (database: string) => string): Promise<IndexCost[]> {
  const admin = await connectDatabase(onDatabase("postgres"));
  const costs: IndexCost[] = [];
  try {
    for (const { name, dropped } of await casesOf(onDatabase(source))) {
      // Both are fresh: what was put into before has room in its pages, which spares it splits.
      for (const database of COPIES) await copy(admin, source, database);
      const [all, less] = [await connectDatabase(onDatabase(COPIES[0])), await connectDatabase(onDatabase(COPIES[1]))];
      try {
        for (const index of dropped) await less.sql.query(`DROP INDEX "${index.name}"`);
        const [more, fewer] = await putByTurns([all, less], rows);
        costs.push({
          without: name,
          megabytes: sum(dropped.map(({ megabytes }) => megabytes)),
          wal: (sum(more.wal) - sum(fewer.wal)) / (ROUNDS * PUTS),
          time: percentile(more.milliseconds, 0.5) / percentile(fewer.milliseconds, 0.5),
        });
      } finally {
        await all.close();
        await less.close();
      }
    }
  } finally {
    for (const name of COPIES) await admin.sql.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    await admin.close();
  }
  return costs;
}

interface Index {
  readonly name: string;
  readonly megabytes: number;
}

async function casesOf(url: string): Promise<{ readonly name: string; readonly dropped: readonly Index[] }[]> {
  const database = await connectDatabase(url);
  try {
    const indexes = await indexesOf(database);
    return [
      { name: "(none: how much chance there is in it)", dropped: [] },
      ...indexes.map((index) => ({ name: index.name, dropped: [index] })),
      { name: "all that this package adds", dropped: indexes.filter(({ name }) => /_id_index$|_pattern_index$/.test(name)) },
      { name: "all but the primary key", dropped: indexes },
    ];
  } finally {
    await database.close();
  }
}

async function copy({ sql }: ScaleDatabase, source: string, name: string): Promise<void> {
  await sql.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await sql.query(`CREATE DATABASE ${name} TEMPLATE ${source} STRATEGY file_copy`);
}

async function indexesOf({ sql }: ScaleDatabase): Promise<Index[]> {
  const { rows } = await sql.query<Index>(`
    SELECT c.relname AS name, pg_relation_size(c.oid)::float8 / 1048576 AS megabytes
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
    WHERE i.indrelid = 'workflow_instances'::regclass AND NOT i.indisprimary ORDER BY c.relname`);
  return rows;
}

async function putByTurns(databases: readonly [ScaleDatabase, ScaleDatabase], rows: number): Promise<readonly [Measured, Measured]> {
  const measured: readonly [Measured, Measured] = [
    { wal: [], milliseconds: [] },
    { wal: [], milliseconds: [] },
  ];
  for (let round = -1; round < ROUNDS; round++) {
    // The same instances for both, in an order that changes with the round, so that neither has the warmer caches.
    const chosen = Array.from({ length: PUTS }, () => instanceOf(Math.floor(Math.random() * rows), Math.ceil(Math.random() * 1e9)));
    for (const side of round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
      const { storage, sql } = databases[side];
      const before = await position(sql);
      for (const instance of chosen) {
        const start = performance.now();
        await storage.put(instance);
        if (round >= 0) measured[side].milliseconds.push(performance.now() - start);
      }
      // What GIN has put off is part of the price.
      await sql.query("SELECT gin_clean_pending_list(oid) FROM pg_class WHERE relname = 'idx_workflow_instances_state' AND relkind = 'i'");
      if (round >= 0) measured[side].wal.push((await position(sql)) - before);
    }
  }
  return measured;
}

async function position(sql: ScaleDatabase["sql"]): Promise<number> {
  const { rows } = await sql.query<{ bytes: number }>("SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::float8 AS bytes");
  return rows[0]?.bytes ?? NaN;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
