import { sum } from "../statistics.js";
import type { ScaleDatabase, Statement } from "./database.js";

/** How the server executes a statement. */
export interface Plan {
  /** Its nodes from the outermost to the innermost, with the indexes. */
  readonly summary: string;
  /** Whether it reads the whole table. */
  readonly scansTable: boolean;
  /** Rows that were read and filtered out. */
  readonly discarded: number;
  /** Pages of 8 KB that were read. */
  readonly pages: number;
}

interface Node {
  readonly "Node Type": string;
  readonly "Index Name"?: string;
  readonly "Rows Removed by Filter"?: number;
  readonly "Actual Loops"?: number;
  readonly "Shared Hit Blocks"?: number;
  readonly "Shared Read Blocks"?: number;
  readonly Plans?: readonly Node[];
}

/** Runs a statement in a transaction that is rolled back, and returns its plan. */
export async function explain({ sql }: ScaleDatabase, statement: Statement): Promise<Plan> {
  await sql.query("BEGIN");
  try {
    const { rows } = await sql.query<{ "QUERY PLAN": { Plan: Node }[] }>(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${statement.sql}`, [
      ...statement.values,
    ]);
    const root = rows[0]?.["QUERY PLAN"][0]?.Plan;
    if (root === undefined) throw new Error("EXPLAIN returned no plan");
    const nodes = flatten(root);
    return {
      summary: nodes.map(nameOf).join(" → "),
      scansTable: nodes.some((node) => node["Node Type"] === "Seq Scan"),
      discarded: sum(nodes.map((node) => (node["Rows Removed by Filter"] ?? 0) * (node["Actual Loops"] ?? 1))),
      pages: (root["Shared Hit Blocks"] ?? 0) + (root["Shared Read Blocks"] ?? 0),
    };
  } finally {
    await sql.query("ROLLBACK");
  }
}

function flatten(node: Node): Node[] {
  return [node, ...(node.Plans ?? []).flatMap(flatten)];
}

function nameOf(node: Node): string {
  const index = node["Index Name"];
  return index === undefined ? node["Node Type"] : `${node["Node Type"]} (${index.replace("workflow_instances_", "")})`;
}
