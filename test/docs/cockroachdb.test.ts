import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { codeOf } from "../../tools/snippets.js";
import { prisma } from "../migrate/prisma-cli.js";

/** The model as Prisma's connector for CockroachDB accepts it. */
async function cockroachModel(): Promise<string> {
  const model = await readFile(new URL("../../prisma/workflow-instance.prisma", import.meta.url), "utf8");
  return model.replaceAll("@db.VarChar(255)", "@db.String(255)").replace("state(ops: JsonbPathOps)", "state");
}

describe("docs/distributed-postgresql.md", () => {
  it("shows the DDL that Prisma's schema engine generates from the model for CockroachDB", async () => {
    const folder = await mkdtemp(join(tmpdir(), "hephaestus-prisma-cockroachdb-"));
    try {
      await writeFile(join(folder, "schema.prisma"), `datasource db {\n  provider = "cockroachdb"\n}\n${await cockroachModel()}`);
      const { code, output } = await prisma("", ["migrate", "diff", "--from-empty", "--to-schema", folder, "--script"]);
      expect(code, output).toBe(0);
      const [shown] = codeOf("docs/distributed-postgresql.md", "sql");
      expect(shown).toBe(output.slice(output.indexOf("-- CreateSchema")).trim());
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
