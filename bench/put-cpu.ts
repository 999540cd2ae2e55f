import { readdirSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import pg from "pg";
import { createPgStorage, type PgStorage } from "../dist/pg/index.js";
import { type PostgresServer, startPostgres } from "../tools/postgres-server.js";
import { createDatabase, createTable } from "./database.js";
import { positiveInteger } from "./flags.js";
import { instanceOf } from "./scale/data.js";
import { type SetUp, SET_UPS, statementsOf } from "./scale/set-ups.js";
import { vacuum } from "./scale/table-statistics.js";

// How long a put takes a core of the server for, on Linux: time that other programs take is not in it. `npm run bench:cpu`
const { values: flags } = parseArgs({
  options: {
    rows: { type: "string", default: "100000" },
    puts: { type: "string", default: "20000" },
    items: { type: "string", default: "9" }, // 9, 128 and 545 make 2, 15 and 60 KB of state
  },
});
const rows = positiveInteger("--rows", flags.rows);
const puts = positiveInteger("--puts", flags.puts);
const items = positiveInteger("--items", flags.items);
const CHUNK = 500;

const server = await startPostgres({
  settings: { autovacuum: "off", max_wal_size: "8GB", checkpoint_timeout: "1h", shared_buffers: "1GB", maintenance_work_mem: "512MB" },
});
try {
  for (const [index, setUp] of SET_UPS.entries()) await measure(server, `cpu_${index}`, setUp);
} finally {
  await server.stop();
}

async function measure(on: PostgresServer, name: string, setUp: SetUp): Promise<void> {
  const url = await createDatabase(on, name);
  await createTable(url);
  const pool = new pg.Pool({ connectionString: url, max: 5 });
  const sql = new pg.Client({ connectionString: url });
  await sql.connect();
  for (const statement of statementsOf(setUp)) await sql.query(statement);
  const single = createPgStorage(pool);
  for (let n = 0; n < rows; n += CHUNK)
    await single.putMany(Array.from({ length: Math.min(CHUNK, rows - n) }, (_, k) => instanceOf(n + k, 0, items)));
  await vacuum(sql);
  const postmaster = parentOf(String((await sql.query<{ pid: number }>("SELECT pg_backend_pid() AS pid")).rows[0]?.pid));
  const milliseconds = async (storage: PgStorage, callers: number): Promise<string> => {
    const before = cpuOf(postmaster);
    await putBy(storage, callers);
    await vacuum(sql);
    return `${((cpuOf(postmaster) - before) / puts).toFixed(3)} ms`;
  };
  const coalesced = await milliseconds(createPgStorage(pool, { coalesceWrites: true }), 50);
  console.log(`${setUp.name}: ${coalesced} coalesced by 50 callers, ${await milliseconds(single, 10)} one by one by 10`);
  await pool.end();
  await sql.end();
}

/** Puts at random, every second of them with a new status. */
async function putBy(storage: PgStorage, callers: number): Promise<void> {
  let left = puts;
  const caller = async (): Promise<void> => {
    while (left-- > 0) {
      const instance = instanceOf(Math.floor(Math.random() * rows), Math.ceil(Math.random() * 1e9), items);
      await storage.put(left % 2 === 0 ? instance : { ...instance, status: left % 4 === 1 ? "pending" : "waiting" });
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
}

/** After its name, in parentheses: state, parent, and from the twelfth on the clock ticks of the process and its ended children. */
function statOf(pid: string): string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}

function parentOf(pid: string): string {
  return statOf(pid)[1] ?? "";
}

/** Milliseconds of CPU that a process and its children have taken. */
function cpuOf(parent: string): number {
  const TICK = 10;
  let ticks = 0;
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      if (pid !== parent && parentOf(pid) !== parent) continue;
      for (const field of statOf(pid).slice(11, 15)) ticks += Number(field);
    } catch {
      // it has ended
    }
  }
  return ticks * TICK;
}
