import { readFileSync } from "node:fs";
import type { TestDatabase } from "./database.js";
import { storeRowIn } from "./store-row.js";

/** A row that HephaestusEcto has stored. */
export interface EctoRow {
  readonly id: string;
  readonly workflow: string;
  readonly workflow_version: number;
  readonly status: string;
  readonly state_text: string;
}

/** Rows that HephaestusEcto itself has stored. */
export const ectoRows: readonly EctoRow[] = readRows("rows.json");

/** Rows with integers that a JavaScript number can't represent. */
export const ectoRowsWith64Bits: readonly EctoRow[] = readRows("rows-with-64-bit-integers.json");

/** Rows as HephaestusEcto's `put` or a manual edit leaves them: null that reads as empty, keys `__proto__`, 600 levels and 2,000. */
export const oddEctoRows: readonly EctoRow[] = readRows("odd-rows.json");

function readRows(name: string): EctoRow[] {
  return JSON.parse(readFileSync(new URL(`fixtures/ecto/${name}`, import.meta.url), "utf8")) as EctoRow[];
}

/** Stores rows around the adapter. */
export async function insertEctoRows(database: TestDatabase, rows: readonly EctoRow[]): Promise<void> {
  const storeRow = storeRowIn(database);
  for (const { id, workflow, workflow_version: workflowVersion, status, state_text: state } of rows)
    await storeRow({ id, workflow, workflowVersion, status, state });
}
