import { createMemoryStorage } from "hephaestus-prisma/memory";
import { createPgStorage } from "hephaestus-prisma/pg";
import { storageContract } from "hephaestus-prisma/testing";
import pg from "pg";

const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL });
const onPg = createPgStorage(pool);
const subjects = [
  { name: "memory", create: () => createMemoryStorage() },
  {
    name: "pg",
    async create() {
      await pool.query("DELETE FROM workflow_instances");
      return onPg;
    },
    async storeRow({ id, workflow, workflowVersion, status, state }) {
      const insert = "INSERT INTO workflow_instances (id, workflow, workflow_version, status, state) VALUES ($1, $2, $3, $4, $5)";
      await pool.query(insert, [id, workflow, workflowVersion, status, state]);
    },
  },
];
for (const subject of subjects) {
  const failed = [];
  const cases = storageContract(subject);
  for (const { group, name, run } of cases) await run().catch((error) => failed.push(`${group}: ${name}: ${error.message}`));
  const runtime = process.versions.bun ? `Bun ${process.versions.bun}` : `Node ${process.versions.node}`;
  console.log(failed.length === 0 ? `${runtime} keeps all ${cases.length} cases: ${subject.name}` : failed.join("\n"));
}
await pool.end();
