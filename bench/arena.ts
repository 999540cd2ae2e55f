import pg from "pg";
import { startPostgres } from "../tools/postgres-server.js";
import type { Competitor } from "./competitor.js";
import { createDatabase } from "./create-database.js";
import { Runner } from "./runner.js";

/** A server on which competitors meet, each with a process and a database of its own. */
export interface Arena {
  /** The server's version. */
  readonly postgres: string;
  readonly runners: readonly Runner[];
  /** Which statements the server counts from now on; at first, none. */
  readonly track: (what: "all" | "none") => Promise<void>;
  close(): Promise<void>;
}

const SETTINGS = {
  autovacuum: "off",
  shared_preload_libraries: "pg_stat_statements",
  max_wal_size: "4GB",
  checkpoint_timeout: "1h",
  shared_buffers: "512MB",
};

// As PostgreSQL comes: what is committed has reached the disk.
const DURABLE = { ...SETTINGS, fsync: "on", full_page_writes: "on" };

/** Starts a server and, on it, the competitors that are there. */
export async function openArena(
  competitors: readonly Competitor[],
  { durable, pool }: { readonly durable: boolean; readonly pool: number },
): Promise<Arena> {
  const server = await startPostgres({ settings: durable ? DURABLE : SETTINGS });
  const admin = new pg.Client({ connectionString: server.url() });
  const runners: Runner[] = [];
  const close = async (): Promise<void> => {
    await Promise.all(runners.map((runner) => runner.close()));
    await admin.end();
    await server.stop();
  };
  try {
    await admin.connect();
    await track(admin, "none");
    for (const competitor of competitors) {
      const runner = await Runner.start(competitor, await createDatabase(server, competitor), pool);
      if (runner) runners.push(runner);
      else console.log(`${competitor.name} is not there, and is left out`);
    }
    const { rows } = await admin.query<{ server_version: string }>("SHOW server_version");
    return { postgres: rows[0]?.server_version ?? "", runners, track: (what) => track(admin, what), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function track(admin: pg.Client, what: "all" | "none"): Promise<void> {
  await admin.query(`ALTER SYSTEM SET pg_stat_statements.track = '${what}'`);
  await admin.query("SELECT pg_reload_conf()");
  await new Promise((resolve) => setTimeout(resolve, 200));
}
