import { databaseUrl, parseArguments } from "../arguments.js";
import type { Command } from "../command.js";
import { TABLE } from "../connection.js";
import { toldUrl } from "../database-url.js";
import { examine } from "./examine.js";
import { formatFindings } from "./report.js";
import { Failure } from "../failure.js";
import { findProject, type Project } from "../project/prisma-project.js";
import { createProgress } from "../terminal/progress.js";

const HELP = `Usage: hephaestus-prisma doctor [options]

Tells, check by check, what it found and what it expected of the server, the table with its columns, indexes and
constraints, the migrations, the rights, the rows and the installed Prisma, with the command or the SQL that mends it.
It only reads, in one read-only transaction. Run it in the folder of your project.

  --rows          reads all rows as the storage does, and not only a sample of a thousand
  --table <name>  the table, where map says another (${TABLE})
  --json          tells the findings as JSON: [{"check":"server","ok":true,"found":…,"expected":…,"mend":null}, …],
                  where ok is true, false, or "note" for what is no fault
  --url <url>     the database; else DATABASE_URL, else that of your Prisma config. Its ?schema= counts
  -h, --help      this text

Exits with 0 when all is well, 1 when something is wrong, 2 where the command line is wrong.

  npx hephaestus-prisma doctor
`;

const OPTIONS = {
  rows: { type: "boolean", default: false },
  table: { type: "string", default: TABLE },
  json: { type: "boolean", default: false },
  url: { type: "string" },
} as const;

/** What is wrong, and what mends it. */
export const doctorCommand: Command = { summary: "find what is wrong with the table, and what mends it", help: HELP, run };

async function run(argv: readonly string[]): Promise<number> {
  const { values } = parseArguments(argv, { options: OPTIONS });
  const progress = createProgress(process.stderr);
  const onProgress = (read: number): void => progress.show(`${read.toLocaleString("en")} rows read …`);
  const rows = { all: values.rows, onProgress };
  try {
    const { url, migrations } = await projectWith(toldUrl(values.url));
    const findings = await examine({ url: databaseUrl(url), table: values.table, rows, project: process.cwd(), migrations });
    progress.clear();
    process.stdout.write(values.json ? `${JSON.stringify(findings)}\n` : formatFindings(findings));
    return findings.some(({ ok }) => ok === false) ? 1 : 0;
  } finally {
    progress.clear();
  }
}

/** The project here, on a database that was told, or else on its config's: only for that has the config to load. */
async function projectWith(url: string | undefined): Promise<Project> {
  try {
    return await findProject({ url });
  } catch (error) {
    if (url === undefined || !(error instanceof Failure)) throw error;
    return findProject({ url, migrations: "prisma/migrations" });
  }
}
