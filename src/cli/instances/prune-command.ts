import { isTerminal } from "../../instance/instance.js";
import type { Selection } from "../../storage/selection.js";
import { checkOptions, PRUNE_OPTIONS } from "../../storage/check-options.js";
import type { PruneOptions } from "../../storage/options.js";
import { checkPruned, pruneRows } from "../../storage/prune.js";
import { asUsage, parseArguments, parseCount, parseStatuses } from "../arguments.js";
import type { Command } from "../command.js";
import { openDatabase, TABLE } from "../connection.js";
import { findDatabaseUrl } from "../database-url.js";
import { UsageFailure } from "../failure.js";
import { FILTER_OPTIONS, parseFilters } from "./list-filters.js";
import { createProgress } from "../terminal/progress.js";
import { listenForStop } from "../terminal/stop-signal.js";

const HELP = `Usage: hephaestus-prisma prune --status <list> --updated-before <time> [options]

Deletes the workflow instances of some statuses that were last stored before some time, in batches.
Instances that another transaction has locked are left for the next run.

  --status <list>          statuses, such as completed,failed
  --updated-before <time>  last stored before it: 30d for thirty days ago, 2w, 12h, 45m, or a date
  --family <prefix>        only workflows whose name starts with it, such as Order.; several are any of them
  --batch-size <n>         how many are deleted by one statement (500)
  --include-active         takes pending, running and waiting for --status too
  --dry-run                deletes nothing, and reports how many would be deleted
  --json                   the result as JSON: {"deleted":2,"dryRun":false,"stopped":false}
  --table <name>           the table, if it has another name or is in another schema (${TABLE})
  --url <url>              the database; else DATABASE_URL, else that of your Prisma config. Its ?schema= counts
  -h, --help               this text

It takes every filter of npx hephaestus-prisma list, which shows what would be deleted.

Exits with 0 when all were deleted, 1 after a failure, 2 if the command line is wrong. At SIGINT or SIGTERM it stops after
the batch that runs, reports how many were deleted until then, and exits with 130 or 143.

  0 3 * * *  npx hephaestus-prisma prune --status completed,failed --updated-before 30d
`;

const OPTIONS = {
  ...FILTER_OPTIONS,
  table: { type: "string", default: TABLE },
  "batch-size": { type: "string" },
  "include-active": { type: "boolean", default: false },
  "dry-run": { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  url: { type: "string" },
} as const;

interface PruneRequest {
  readonly selection: Selection;
  readonly options: PruneOptions;
  readonly json: boolean;
  readonly url: string | undefined;
  readonly table: string;
}

/** Deletes old instances. */
export const pruneCommand: Command = { help: HELP, run };

async function run(argv: readonly string[]): Promise<number> {
  const { selection, options, json, url, table } = readRequest(argv);
  const { dryRun = false } = options;
  const database = await openDatabase(await findDatabaseUrl(url), table);
  const stop = listenForStop();
  const progress = createProgress(process.stderr);
  let deleted = 0;
  const report = (): void => {
    progress.clear();
    const stopped = stop.exitCode() !== null;
    process.stdout.write(json ? `${JSON.stringify({ deleted, dryRun, stopped })}\n` : `${sentence(deleted, dryRun, stopped)}\n`);
  };
  try {
    if (dryRun) deleted = await database.rows.count(selection);
    else {
      const onProgress = (pruned: number): void => {
        deleted = pruned;
        progress.show(`${deleted.toLocaleString("en")} deleted …`);
      };
      await pruneRows(database.rows, selection, { ...options, signal: stop.signal, onProgress });
    }
  } catch (error) {
    progress.clear();
    if (error !== stop.signal.reason) {
      if (deleted > 0) report(); // what is gone is gone, whatever came after
      throw error;
    }
  } finally {
    stop.release();
    await database.close();
  }
  report();
  return stop.exitCode() ?? 0;
}

function readRequest(argv: readonly string[]): PruneRequest {
  const { values } = parseArguments(argv, { options: OPTIONS });
  const status = values.status ?? missing("--status", "completed,failed");
  if (values["updated-before"] === undefined) missing("--updated-before", "30d");
  const batchSize = values["batch-size"];
  const options = {
    dryRun: values["dry-run"],
    includeActive: values["include-active"],
    ...(batchSize !== undefined && { batchSize: parseCount(batchSize, "--batch-size") }),
  };
  const active = parseStatuses(status).filter((one) => !isTerminal(one));
  if (active.length > 0 && !options.includeActive)
    throw new UsageFailure(`--status names instances that may still run (${active.join(", ")}): say so with --include-active`);
  const selection = parseFilters(values);
  asUsage(() => checkPruned(selection, {}, checkOptions(options, PRUNE_OPTIONS)));
  return { selection, options, json: values.json, url: values.url, table: values.table };
}

function missing(option: string, example: string): never {
  throw new UsageFailure(`${option} is missing, such as ${option} ${example}`);
}

function sentence(deleted: number, dryRun: boolean, stopped: boolean): string {
  const instances = `${deleted.toLocaleString("en")} ${deleted === 1 ? "instance" : "instances"}`;
  if (dryRun) return `${instances} would be deleted`;
  return stopped ? `stopped, ${instances} deleted until then` : `${instances} deleted`;
}
