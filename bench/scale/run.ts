import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { PostgresServer } from "../../tools/postgres-server.js";
import { currentConditions } from "../conditions.js";
import { createDatabase, createTable, serverVersion, withConnection } from "../database.js";
import { randomSource } from "../random.js";
import { connectDatabase, type ScaleDatabase } from "./database.js";
import { fill, prepareFills } from "./fill.js";
import { type IndexCost, measureIndexCosts } from "./index-costs.js";
import type { OperationFigures, Stage } from "./limits.js";
import { timeOperation, type Timing } from "./measure.js";
import { operationsOn } from "./operations.js";
import { explain, type Plan } from "./plan.js";
import { pruneMany } from "./prune-run.js";
import type { Figures } from "./report.js";
import type { StreamFigures } from "./stream.js";

const DATABASE = "scale";

export interface ScaleOptions {
  /** The numbers of rows at which the calls are measured, ascending. */
  readonly sizes: readonly number[];
  /** How long each call is measured at each size. */
  readonly milliseconds: number;
  /** At which of the sizes the indexes' costs are measured. */
  readonly indexRows: number | null;
  /** Whether statements are named. */
  readonly named: boolean;
  /** SQL that is run on the empty table, such as another index. */
  readonly sql: string;
}

/** Fills a table and measures the calls on the way. */
export async function measureScale(server: PostgresServer, options: ScaleOptions): Promise<Figures> {
  const { sizes, named, indexRows } = options;
  const conditions = { ...currentConditions("bench:scale"), postgres: await serverVersion(server) };
  // Under the collation of a language, `LIKE 'prefix%'` is not a range of a plain index.
  const url = await createDatabase(server, DATABASE, "TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'en-US'");
  await createTable(url);
  await withConnection(url, (client) => client.query(options.sql));
  const stages: Stage[] = [];
  const measured: MeasuredOperation[][] = [];
  let indexCosts: readonly IndexCost[] = [];
  for (const [index, rows] of sizes.entries()) {
    const database = await connectDatabase(url, named);
    try {
      if (index === 0) await prepareFills(database);
      const rate = await fill(database, sizes[index - 1] ?? 0, rows);
      const stage = { rows, rate, ...(await sizesOf(database)) };
      stages.push(stage);
      console.log(
        `\n${rows.toLocaleString("en")} rows: ${stage.tableMegabytes.toFixed(0)} MB and ${stage.indexMegabytes.toFixed(0)} MB of indexes`,
      );
      measured.push(await measureOperations(database, rows, options.milliseconds, index === 0));
    } finally {
      await database.close();
    }
    if (rows === indexRows) {
      indexCosts = await measureIndexCosts(DATABASE, rows, (name) => server.url(name));
      console.table(indexCosts);
    }
  }
  const stream = await streamAll(url);
  console.log(`stream: ${stream.instances} in ${stream.seconds.toFixed(1)} s, ${stream.memory.toFixed(0)} MB above the base`);
  const database = await connectDatabase(url, named);
  const prune = await pruneMany(database).finally(() => database.close());
  console.log("prune:", prune);
  const operations = growthOf(measured);
  console.table(Object.fromEntries(operations.map(({ name, growth, flat }) => [name, { growth: growth.toFixed(2), flat }])));
  return { conditions, stages, operations, stream, prune, indexCosts, indexRows: indexRows ?? 0 };
}

interface MeasuredOperation {
  readonly name: string;
  readonly flat: boolean;
  readonly timing: Timing;
  readonly plan: Plan;
}

async function measureOperations(
  database: ScaleDatabase,
  rows: number,
  milliseconds: number,
  warmUp: boolean,
): Promise<MeasuredOperation[]> {
  const operations = await operationsOn(database.storage, rows, randomSource(rows));
  // V8 compiles during the first calls, which must not count against the smallest table.
  if (warmUp) for (const operation of operations) await timeOperation(database.storage, operation, milliseconds / 6);
  const measured: MeasuredOperation[] = [];
  for (const operation of operations) {
    const { name, flat } = operation;
    const timing = await timeOperation(database.storage, operation, milliseconds);
    const plan = await explain(database, await database.lastStatementOf((storage) => operation.run(storage)));
    measured.push({ name, flat, timing, plan });
    console.log(line(name, timing, plan));
  }
  return measured;
}

/** Each operation at all sizes. */
function growthOf(measured: readonly (readonly MeasuredOperation[])[]): OperationFigures[] {
  return (measured.at(-1) ?? []).map(({ name, flat, plan }) => {
    const timings = measured.flatMap((operations) => operations.find((one) => one.name === name)?.timing ?? []);
    return { name, flat, plan, timings, growth: (timings.at(-1)?.median ?? NaN) / (timings[0]?.median ?? NaN) };
  });
}

async function sizesOf({ sql }: ScaleDatabase): Promise<{ tableMegabytes: number; indexMegabytes: number }> {
  const { rows } = await sql.query<{ tableMegabytes: number; indexMegabytes: number }>(`
    SELECT pg_table_size('workflow_instances')::float8 / 1048576 AS "tableMegabytes",
           pg_indexes_size('workflow_instances')::float8 / 1048576 AS "indexMegabytes"`);
  return rows[0] ?? { tableMegabytes: NaN, indexMegabytes: NaN };
}

async function streamAll(url: string): Promise<StreamFigures> {
  const program = fileURLToPath(new URL("stream.ts", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [...process.execArgv, program, url]);
  return JSON.parse(stdout) as StreamFigures;
}

function line(name: string, { median, p99, samples }: Timing, { summary, discarded, pages }: Plan): string {
  const figures = [median.toFixed(2), p99.toFixed(2), String(samples)].map((figure) => figure.padStart(9)).join("");
  return `${name.padEnd(36)}${figures}   ${summary} [${pages} pages, ${discarded} rows discarded]`;
}
