import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { startPostgres } from "../tools/postgres-server.js";

declare module "vitest" {
  interface ProvidedContext {
    /** Connection string of the tests' server, without a database. */
    serverUrl: string;
    /** A database that `prisma migrate deploy` has migrated; each test file starts from a copy of it. */
    template: string;
  }
}

const PRISMA = fileURLToPath(new URL("../node_modules/prisma/build/index.js", import.meta.url));

/** Starts one PostgreSQL for the run, unless `TEST_DATABASE_URL` names another, and migrates the template. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.TEST_DATABASE_URL;
  const server = given === undefined ? await startPostgres() : undefined;
  const serverUrl = given ?? server?.url() ?? "";
  const template = `hephaestus_${process.pid}`;
  await onServer(serverUrl, `CREATE DATABASE ${template}`);
  const url = new URL(serverUrl);
  url.pathname = `/${template}`;
  execFileSync(process.execPath, [PRISMA, "migrate", "deploy"], { env: { ...process.env, DATABASE_URL: url.href }, stdio: "pipe" });
  project.provide("serverUrl", serverUrl);
  project.provide("template", template);
  return async () => {
    if (server) return server.stop();
    const copies = await onServer(serverUrl, `SELECT datname FROM pg_database WHERE starts_with(datname, '${template}')`);
    for (const { datname } of copies) await onServer(serverUrl, `DROP DATABASE ${datname} WITH (FORCE)`);
  };
}

async function onServer(connectionString: string, sql: string): Promise<{ datname: string }[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query<{ datname: string }>(sql)).rows;
  } finally {
    await client.end();
  }
}
