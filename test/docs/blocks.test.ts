import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { documents, readDocument, ROOT, type Snippet, snippetsOf } from "../../tools/snippets.js";
import { createPostgresDatabase, type PostgresDatabase } from "../database.js";
import { prisma } from "../migrate/prisma-cli.js";

// Each but text, which is a program's output, has a test: here, in code.test.ts or in commands.test.ts.
const LANGUAGES = ["ts", "sh", "crontab", "sql", "json", "prisma", "text", "mermaid"];
const snippets = documents.flatMap(snippetsOf).map((snippet) => ({ ...snippet, title: `${snippet.file}:${snippet.line}` }));

/** The snippets in a language, except for those that name another test. */
function inLanguage(language: string): typeof snippets {
  return snippets.filter((snippet) => snippet.language === language && testOf(snippet) === undefined);
}

function testOf({ note }: Snippet): string | undefined {
  return /^checked by (?<test>\S+)$/.exec(note ?? "")?.groups?.test;
}

describe("the documents' blocks", () => {
  let database: PostgresDatabase;
  beforeAll(async () => {
    database = await createPostgresDatabase();
  });
  afterAll(() => database.close());

  it("are in languages that a test checks", () => {
    expect(
      snippets
        .filter((one) => !LANGUAGES.includes(one.language) && testOf(one) === undefined)
        .map(({ title, language }) => `${title} is ${language}`),
    ).toEqual([]);
  });

  it("name only tests that read their document", () => {
    for (const snippet of snippets) {
      const test = testOf(snippet);
      if (test === undefined) continue;
      expect(existsSync(join(ROOT, test)), `${snippet.title}: ${test}`).toBe(true);
      expect(readDocument(test), snippet.title).toContain(snippet.file);
    }
  });

  it.each(inLanguage("json"))("$title is JSON", ({ code }) => {
    expect(() => void JSON.parse(code)).not.toThrow();
  });

  it.each(inLanguage("sql"))("$title runs on a migrated database", async ({ code, note }) => {
    const connection = await database.pool.connect();
    try {
      await connection.query("BEGIN; CREATE ROLE support"); // the guides grant privileges to it
      const { rows } = await connection.query<{ old: boolean }>("SELECT current_setting('server_version_num')::int < 150000 AS old");
      const result = connection.query(code);
      if (note === "from PostgreSQL 15 on" && rows[0]?.old === true) await expect(result).rejects.toThrow();
      else await expect(result).resolves.toBeDefined();
    } finally {
      await connection.query("ROLLBACK");
      connection.release();
    }
  });

  it.each(inLanguage("prisma"))("$title is a part of a Prisma schema", async ({ code }) => {
    const folder = await mkdtemp(join(tmpdir(), "hephaestus-prisma-docs-"));
    try {
      const datasource = code.includes("datasource ") ? "" : 'datasource db {\n  provider = "postgresql"\n}\n';
      await writeFile(join(folder, "schema.prisma"), `${datasource}${code}\n`);
      expect(await prisma("", ["validate", "--schema", folder])).toMatchObject({ code: 0 });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
