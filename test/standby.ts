import { PrismaPg } from "@prisma/adapter-pg";
import { deployMigrations } from "hephaestus-prisma/migrate";
import pg from "pg";
import { type PostgresServer, startPostgres } from "../tools/postgres-server.js";

/** A migrated server of its own, for a standby to follow. */
export async function startMigrated(): Promise<PostgresServer> {
  const server = await startPostgres();
  await deployMigrations(new PrismaPg({ connectionString: server.url() }));
  return server;
}

/** Runs SQL on a server, around every storage. */
export async function sqlOn(server: PostgresServer, query: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: server.url() });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(query)).rows;
  } finally {
    await client.end();
  }
}

/** Waits until a standby has applied everything that its primary has written. */
export async function untilReplayed(primary: PostgresServer, standby: PostgresServer): Promise<void> {
  const [written] = await sqlOn(primary, "SELECT pg_current_wal_lsn()::text AS lsn");
  for (;;) {
    const [row] = await sqlOn(standby, `SELECT pg_last_wal_replay_lsn() >= '${String(written?.lsn)}' AS replayed`);
    if (row?.replayed === true) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
