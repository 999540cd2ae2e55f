import { expect, test } from "vitest";
import { createEmptyDatabase, createMigratedDatabase, query } from "../../migrate/empty-database.js";
import { prisma } from "../../migrate/prisma-cli.js";

const FROM_DATABASE = ["migrate", "diff", "--from-config-datasource", "--to-schema", "prisma"];

test("migrate diff sees no drift after a deployment, and sees an index that is dropped", async () => {
  const url = await createMigratedDatabase();
  const inSync = await prisma(url, [...FROM_DATABASE, "--exit-code"]);
  expect(inSync).toMatchObject({ code: 0, output: expect.stringContaining("No difference detected.") as string });

  await query(url, "DROP INDEX workflow_instances_status_id_index");
  const { code, output } = await prisma(url, [...FROM_DATABASE, "--exit-code", "--script"]);
  expect(code).toBe(2);
  expect(output).toContain(`CREATE INDEX "workflow_instances_status_id_index" ON "workflow_instances"("status", "id");`);
});

test("migrate diff sees a column that is dropped, and no CHECKs, storage parameters or indexes on expressions", async () => {
  const url = await createMigratedDatabase();
  await query(url, "ALTER TABLE workflow_instances DROP CONSTRAINT workflow_instances_status_check, SET (fillfactor = 90)");
  await query(url, "CREATE INDEX orders_by_customer ON workflow_instances ((state #>> '{context,initial,customer}'))");
  expect(await prisma(url, [...FROM_DATABASE, "--exit-code"])).toMatchObject({ code: 0 });

  await query(url, "ALTER TABLE workflow_instances DROP COLUMN workflow_version CASCADE"); // views read it
  const { code, output } = await prisma(url, [...FROM_DATABASE, "--exit-code"]);
  expect(code).toBe(2);
  expect(output).toContain("[+] Added column `workflow_version`");
});

test("migrate diff also works in the other direction", async () => {
  const url = await createEmptyDatabase();
  const { output } = await prisma(url, ["migrate", "diff", "--from-schema", "prisma", "--to-config-datasource"]);
  expect(output).toContain("[-] Removed tables\n  - workflow_instances");
});

test("the migrations result in the schema", async () => {
  const url = await createEmptyDatabase();
  const diff = ["migrate", "diff", "--from-migrations", "prisma/migrations", "--to-schema", "prisma", "--exit-code"];
  expect(await prisma(url, diff)).toMatchObject({ code: 0 });
});

test("migrate diff of schemas needs no database", async () => {
  const { code, output } = await prisma("", ["migrate", "diff", "--from-empty", "--to-schema", "prisma", "--script"]);
  expect(code).toBe(0);
  expect(output).toContain(`CREATE TABLE "workflow_instances"`);
});

test("db pull reads the table back", async () => {
  const url = await createMigratedDatabase();
  const { code, output } = await prisma(url, ["db", "pull", "--print"]);
  expect(code).toBe(0);
  expect(output).toContain(`@@index([state(ops: JsonbPathOps)], map: "idx_workflow_instances_state", type: Gin)`);
});
