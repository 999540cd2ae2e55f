import { execFileSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PGlite } from "@electric-sql/pglite";
import pg from "pg";
import type { TestProject } from "vitest/node";
import { startPostgres } from "../tools/postgres-server.js";

declare module "vitest" {
  interface ProvidedContext {
    /** Connection string of the tests' server, without a database. */
    serverUrl: string;
    /** A database that `prisma migrate deploy` has migrated; each test file starts from a copy of it. */
    template: string;
    /** A file with the same database for PGlite, which starts from it in a fifth of the time. */
    pgliteTemplate: string;
  }
}

const MIGRATIONS = new URL("../prisma/migrations/", import.meta.url);
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
  const folder = await mkdtemp(join(tmpdir(), "hephaestus-pglite-"));
  const pgliteTemplate = join(folder, "template.tar");
  await writePgliteTemplate(pgliteTemplate);
  project.provide("pgliteTemplate", pgliteTemplate);
  project.provide("serverUrl", serverUrl);
  project.provide("template", template);
  return async () => {
    await rm(folder, { recursive: true });
    if (server) return server.stop();
    const copies = await onServer(serverUrl, `SELECT datname FROM pg_database WHERE starts_with(datname, '${template}')`);
    for (const { datname } of copies) await onServer(serverUrl, `DROP DATABASE ${datname} WITH (FORCE)`);
  };
}

async function writePgliteTemplate(path: string): Promise<void> {
  const pglite = new PGlite();
  for (const name of (await readdir(MIGRATIONS)).filter((each) => /^\d+_/.test(each)).sort())
    await pglite.exec(await readFile(new URL(`${name}/migration.sql`, MIGRATIONS), "utf8"));
  await writeFile(path, (await pglite.dumpDataDir("none")).stream());
  await pglite.close();
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
