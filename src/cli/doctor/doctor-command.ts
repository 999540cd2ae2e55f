import { parseArguments } from "../arguments.js";
import type { Command } from "../command.js";
import { TABLE } from "../connection.js";
import { databaseUrl, explicitUrl } from "../database-url.js";
import { Failure } from "../failure.js";
import { findProject, type Project, type ProjectOptions } from "../project/prisma-project.js";
import { createProgress } from "../terminal/progress.js";
import { visible } from "../terminal/visible.js";
import { examine } from "./examine.js";
import { formatFindings } from "./report.js";

const HELP = `Usage: hephaestus-prisma doctor [options]

Checks the server, the table with its columns, indexes and constraints, its name for the option table, the migrations, the
rights, what triggers and policies may do to a row, the rows and the installed Prisma. Prints for each problem what it found
and what it expected, with the command or the SQL that fixes it.
It only reads, in one read-only transaction. Run it in the folder of your project.

  --rows               reads all rows as the storage does, and not only a sample of a thousand
  --verbose            prints a line for each check that passed, too
  --table <name>       the table, if @@map names another. Default: ${TABLE}
  --json               prints the findings as JSON: [{"check":"server","ok":true,"found":…,"expected":…,"fix":null}, …].
                       ok is true, false, or "note" for something to know that is not a fault
  --url <url>          the database. Default: DATABASE_URL, then that of your Prisma config. Its ?schema= counts
  --config <file>      the Prisma config. Default: the one that Prisma's CLI finds
  --schema <path>      the schema, a file or a folder. Default: the config's
  --migrations <path>  the folder of the migrations. Default: the config's
  -h, --help           this text

Exits with 0 when all is well, 1 when something is wrong, 2 if the command line is wrong.

  npx hephaestus-prisma doctor
`;

const OPTIONS = {
  rows: { type: "boolean", default: false },
  table: { type: "string", default: TABLE },
  verbose: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  url: { type: "string" },
  config: { type: "string" },
  schema: { type: "string" },
  migrations: { type: "string" },
} as const;

/** What is wrong, and how to fix it. */
export const doctorCommand: Command = { help: HELP, run };

async function run(argv: readonly string[]): Promise<number> {
  const { values } = parseArguments(argv, { options: OPTIONS });
  const progress = createProgress(process.stderr);
  const onProgress = (read: number): void => progress.show(`${read.toLocaleString("en")} rows read …`);
  const rows = { all: values.rows, onProgress };
  try {
    const { url, schema, migrations, folder } = await projectWith({ ...values, url: explicitUrl(values.url) });
    const findings = await examine({ url: databaseUrl(url), table: values.table, rows, project: folder, schema, migrations });
    progress.clear();
    process.stdout.write(values.json ? `${visible(JSON.stringify(findings))}\n` : formatFindings(findings, values.verbose));
    return findings.some(({ ok }) => ok === false) ? 1 : 0;
  } finally {
    progress.clear();
  }
}

/** Finds the project. If the database is given, a config that nobody has named and that can't be loaded is passed over. */
async function projectWith(options: ProjectOptions): Promise<Project> {
  try {
    return await findProject(options);
  } catch (error) {
    if (options.url === undefined || options.config !== undefined || !(error instanceof Failure)) throw error;
    return findProject({ ...options, migrations: options.migrations ?? "prisma/migrations" });
  }
}
