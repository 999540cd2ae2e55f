import type pg from "pg";
import { importDriver, parseUrl } from "../connection.js";
import { checkColumns } from "./column-findings.js";
import { connectionFinding } from "./connection-finding.js";
import { checkConstraints } from "./constraint-findings.js";
import { COLUMNS } from "./expected-table.js";
import type { Finding } from "./finding.js";
import { checkIndexes } from "./index-findings.js";
import { type MigrateCommands, migrateCommands } from "../project/migrate-commands.js";
import { findModel } from "../project/schema-files.js";
import { indexesOutOfModel } from "./left-out-indexes.js";
import { readMigrationFacts } from "./migration-facts.js";
import { checkMigrations } from "./migration-findings.js";
import { checkModel } from "./model-finding.js";
import { checkPolicies } from "./policy-findings.js";
import { checkPrisma } from "./prisma-finding.js";
import { checkRights } from "./rights-findings.js";
import { checkRows, type RowOptions } from "./row-findings.js";
import { checkServer } from "./server-finding.js";
import { checkSettings } from "./setting-findings.js";
import { type Session, withSession } from "./session.js";
import { findSimilarTables, readTable, type TablePlace } from "./table-facts.js";
import { checkTable, misplacedTable, missingTable } from "./table-findings.js";
import { checkTableOption } from "./table-option-finding.js";
import { checkTriggers } from "./trigger-findings.js";
import { checkUpkeep } from "./upkeep-findings.js";
import { countInvalid } from "./value-findings.js";
import { checkViews } from "./view-findings.js";

/** What to examine. */
export interface Examination {
  readonly url: string;
  readonly table: string;
  readonly rows: RowOptions;
  /** The folder of the user's project. */
  readonly project: string;
  /** Its Prisma schema, a file or a folder, if it has one. */
  readonly schema: string | undefined;
  /** The folder of its migrations, which need not exist. */
  readonly migrations: string;
}

/** Examines a project's Prisma, its database and its table, and writes nothing. @throws {Failure} if it can't. */
export async function examine(examination: Examination): Promise<Finding[]> {
  return [...(await checkPrisma(examination.project)), ...(await examineDatabase(examination))];
}

async function examineDatabase(examination: Examination): Promise<Finding[]> {
  const { config, schema } = parseUrl(examination.url);
  const { default: driver } = await importDriver();
  const commands = await migrateCommands(examination.project);
  const client = new driver.Client(config);
  client.on("error", () => {}); // a connection that is lost while it is idle fails the next statement
  try {
    const failure = await connect(client, commands);
    if (failure !== null) return [failure];
    return await withSession(client, async (session) => [
      ...(await checkServer(session)),
      ...(await examineTable(session, { schema, table: examination.table }, commands, examination)),
    ]);
  } finally {
    await client.end();
  }
}

async function connect(client: pg.Client, commands: MigrateCommands): Promise<Finding | null> {
  try {
    await client.connect();
    return null;
  } catch (error) {
    return connectionFinding(error, client, commands);
  }
}

async function examineTable(
  session: Session,
  place: TablePlace,
  commands: MigrateCommands,
  { rows, schema, migrations: folder }: Examination,
): Promise<Finding[]> {
  const [table, model] = [await readTable(session, place), await findModel(schema)];
  const option = await checkTableOption(session, place, model);
  const migrations = await readMigrationFacts(session, place, { folder, hasSchema: schema !== undefined, commands });
  const migrationFindings = checkMigrations(migrations, table);
  if (table === undefined) {
    const names = COLUMNS.map(({ name }) => name);
    const [nearest, ...others] = await findSimilarTables(session, names, place.table);
    if (nearest !== undefined) return [misplacedTable(place, nearest, others), option];
    return [missingTable(place, migrations), ...checkModel(schema, model), option, ...migrationFindings];
  }
  const due = { areDue: migrationFindings.some(({ ok }) => ok === false), commands };
  // In the order of the fixes: a migration that adds a CHECK fails if a row violates it.
  return [
    ...checkTable(table),
    ...checkModel(schema, model),
    option,
    ...(await checkRights(session, table, due)),
    ...(await checkPolicies(session, table)),
    ...(await checkTriggers(session, table)),
    ...(await checkUpkeep(session, table)),
    ...(await checkSettings(session, table)),
    ...(await countInvalid(session, table)),
    ...(await checkRows(session, table, rows)),
    ...migrationFindings,
    ...checkColumns(table, migrations),
    ...checkConstraints(table, migrations),
    ...checkIndexes(table, migrations, await indexesOutOfModel(model)),
    ...checkViews(table, migrations),
  ];
}
