import pg from "pg";
import type { PostgresServer } from "../tools/postgres-server.js";
import type { Competitor } from "./competitor.js";

/** Makes a competitor's database, and answers its URL. */
export async function createDatabase(server: PostgresServer, { name }: Competitor): Promise<string> {
  const database = name.replaceAll("-", "_");
  const admin = new pg.Client({ connectionString: server.url() });
  await admin.connect();
  await admin.query(`CREATE DATABASE ${database}`);
  await admin.end();
  return server.url(database);
}
