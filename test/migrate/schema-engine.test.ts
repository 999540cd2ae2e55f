import { expect, test } from "vitest";
import { createMigratedDatabase, newDatabaseUrl, query } from "./empty-database.js";
import { schemaEngine } from "./prisma-cli.js";

interface Line {
  readonly id?: number | null;
  readonly level?: string;
  readonly target?: string;
  readonly result?: unknown;
  readonly error?: { readonly code: number; readonly data?: { readonly error_code?: string; readonly message?: string } };
  readonly fields?: { readonly message: string; readonly error_code?: string };
}

const linesOf = (output: string): Line[] =>
  output
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
const request = (id: number, method: string, params: object = {}): string => `${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`;
const datasource = (url: string): string[] => ["--datasource", JSON.stringify({ url })];

test("prints its version without a database", async () => {
  const { code, output } = await schemaEngine(["--version"]);
  expect(code).toBe(0);
  expect(output).toMatch(/^schema-engine-cli [0-9a-f]{40}\n$/);
});

test("creates a database, connects to it and drops it", async () => {
  const url = newDatabaseUrl();
  const name = new URL(url).pathname.slice(1);
  const databases = (): Promise<unknown[]> => query(url.replace(name, "postgres"), "SELECT 1 FROM pg_database WHERE datname = $1", [name]);

  const missing = await schemaEngine([...datasource(url), "cli", "can-connect-to-database"]);
  expect(missing.code).toBe(1);
  expect(linesOf(missing.output).at(-1)).toMatchObject({
    level: "ERROR",
    target: "schema_engine::logger",
    fields: { error_code: "P1003" },
  });

  expect(await schemaEngine([...datasource(url), "cli", "create-database"])).toMatchObject({ code: 0 });
  expect(await schemaEngine([...datasource(url), "cli", "can-connect-to-database"])).toMatchObject({ code: 0 });
  expect(await databases()).toHaveLength(1);
  expect(await schemaEngine([...datasource(url), "cli", "drop-database"])).toMatchObject({ code: 0 });
  expect(await databases()).toHaveLength(0);
});

test("writes nothing but JSON lines, whatever the driver warns about", async () => {
  const { output } = await schemaEngine([...datasource(`${newDatabaseUrl()}?sslmode=prefer`), "cli", "can-connect-to-database"]);
  expect(linesOf(output).map(({ level }) => level)).toContain("WARN");
});

test("responds to requests in order and continues after each failure", async () => {
  const url = await createMigratedDatabase();
  const requests = [
    request(1, "getDatabaseVersion"),
    "not JSON\n",
    request(2, "noSuchMethod"),
    request(3, "markMigrationRolledBack", { migrationName: "20260101000000_none" }),
    request(4, "debugPanic"),
  ];
  const { code, output } = await schemaEngine(datasource(url), requests.join(""));
  const responses = linesOf(output).filter((line) => "id" in line);

  expect(code).toBe(0);
  expect(responses.find(({ id }) => id === 1)?.result).toMatch(/^PostgreSQL/);
  expect(responses.find(({ id }) => id === null)?.error?.code).toBe(-32700);
  expect(responses.find(({ id }) => id === 2)?.error?.code).toBe(-32601);
  expect(responses.find(({ id }) => id === 3)?.error?.data?.error_code).toBe("P3011");
  expect(responses.find(({ id }) => id === 4)?.error?.data?.message).toContain("The schema engine panicked");
});

test("rejects a database that isn't PostgreSQL", async () => {
  const { code, output } = await schemaEngine([...datasource("file:./dev.db"), "cli", "can-connect-to-database"]);
  expect(code).toBe(1);
  expect(linesOf(output).at(-1)?.fields).toMatchObject({ error_code: "P1013" });
});
