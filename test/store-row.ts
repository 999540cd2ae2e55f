import type { StoredRow } from "hephaestus-prisma/testing";
import type { TestDatabase } from "./database.js";

/** Stores rows in SQL, around the adapter. */
export function storeRowIn(database: TestDatabase, table = "workflow_instances"): (row: StoredRow) => Promise<void> {
  return async ({ id, workflow, workflowVersion, status, state }) => {
    await database.sql(`INSERT INTO ${table} (id, workflow, workflow_version, status, state) VALUES ($1, $2, $3, $4, $5)`, [
      id,
      workflow,
      workflowVersion,
      status,
      state,
    ]);
  };
}
