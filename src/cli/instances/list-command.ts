import { checkOptions, LIST_OPTIONS } from "../../storage/check-options.js";
import type { CountColumn, ListOptions, OrderColumn, UnreadableError } from "../../storage/options.js";
import { checkCursor, listPage } from "../../storage/pages.js";
import type { Selection } from "../../storage/selection.js";
import { asUsage, parseArguments, parseCount } from "../arguments.js";
import type { Command } from "../command.js";
import { type Database, openDatabase, TABLE } from "../connection.js";
import { findDatabaseUrl } from "../database-url.js";
import { UsageFailure } from "../failure.js";
import { FILTER_OPTIONS, parseFilters } from "./list-filters.js";
import { formatCounts, formatList, nextPageCommand } from "./list-text.js";
import { isTerminal, STATUSES } from "../../instance/instance.js";
import { visible } from "../terminal/visible.js";
import { countErrors, readDetails } from "./details.js";
import { parseDuration } from "./time.js";

const HELP = `Usage: hephaestus-prisma list [options]

Lists workflow instances, the last updated first, with the step where each is, and the error of those that failed. All
filters that are given must match.

  --stuck <duration>        not ended, and not stored for so long: 45m, 12h, 30d, 2w; the longest first
  --status <list>           any of these: pending, running, waiting, completed, failed
  --workflow <list>         any of these workflows, such as Order.V1,Order.V2
  --family <prefix>         only workflows whose name starts with it, such as Order.; several are any of them
  --version <n>             only this version of the workflow
  --id <id>                 only this instance
  --inserted-before <time>  first stored before a time: 2026-04-12, 2026-04-12T10:00Z, or 2h for two hours ago
  --inserted-after <time>   first stored after it
  --updated-before <time>   last stored before it
  --updated-after <time>    last stored after it
  --context <json>          whose initial context contains this, such as '{"customer": 4711}'
  --state <json>            whose stored state contains this, such as '{"current_step": "pay"}'

  --order-by <column>       updated-at (the default), inserted-at or id
  --asc, --desc             in which direction (--desc)
  --limit <n>               how many at the most (50)
  --cursor <cursor>         the page that begins there; each page ends with the command line of the next one
  --count                   only how many match
  --count-by <column>       how many match for each status, workflow or version, or how many failed with each error, the
                            most first
  --json                    the page as JSON: {"items":[{"id":…,"insertedAt":…,"step":…,"error":…}],"nextCursor":null},
                            or {"count":2}, or {"counts":[{"status":"failed","count":2}]}
  --table <name>            the table, if it has another name or is in another schema (${TABLE})
  --url <url>               the database; else DATABASE_URL, else that of your Prisma config. Its ?schema= counts
  -h, --help                this text

npx hephaestus-prisma prune deletes what the same filters list. Times are in UTC unless they say otherwise. A row that is
corrupt is left out of the page, and reported on stderr; show prints what it holds. Exits with 0, with 1 after a failure,
and with 2 if the command line is wrong.
`;

const PAGE_OPTIONS = {
  "order-by": { type: "string" },
  asc: { type: "boolean", default: false },
  desc: { type: "boolean", default: false },
  limit: { type: "string" },
  cursor: { type: "string" },
} as const;

const OPTIONS = {
  ...FILTER_OPTIONS,
  stuck: { type: "string" },
  ...PAGE_OPTIONS,
  table: { type: "string", default: TABLE },
  count: { type: "boolean", default: false },
  "count-by": { type: "string" },
  json: { type: "boolean", default: false },
  url: { type: "string" },
} as const;

const COLUMNS: ReadonlyMap<string, OrderColumn> = new Map([
  ["updated-at", "updatedAt"],
  ["inserted-at", "insertedAt"],
  ["id", "id"],
]);

const COUNT_COLUMNS: ReadonlyMap<string, CountColumn | "error"> = new Map([
  ["status", "status"],
  ["workflow", "workflow"],
  ["version", "workflowVersion"],
  ["error", "error"],
] as const);

interface ListRequest {
  readonly selection: Selection;
  readonly options: ListOptions;
  readonly count: boolean;
  /** What they are counted by. */
  readonly countBy: CountColumn | "error" | undefined;
  readonly json: boolean;
  readonly url: string | undefined;
  readonly table: string;
  /** The command line of the page that begins at a cursor. */
  readonly again: (cursor: string) => string;
}

/** Lists instances. */
export const listCommand: Command = { help: HELP, run };

async function run(argv: readonly string[]): Promise<number> {
  const request = readRequest(argv);
  const database = await openDatabase(await findDatabaseUrl(request.url), request.table);
  try {
    process.stdout.write(await print(database, request));
    return 0;
  } finally {
    await database.close();
  }
}

async function print(database: Database, { selection, options, count, countBy, json, again }: ListRequest): Promise<string> {
  const { rows } = database;
  if (count) {
    const found = await rows.count(selection);
    return json ? `{"count":${found}}\n` : `${found}\n`;
  }
  if (countBy !== undefined) {
    const counts = countBy === "error" ? await countErrors(database, selection) : await rows.countBy(selection, countBy);
    const sorted = [...counts].sort(([a, n], [b, m]) => m - n || ((a ?? "") < (b ?? "") ? -1 : 1));
    const title = countBy === "workflowVersion" ? "version" : countBy;
    if (!json) return formatCounts(title, sorted.map(([value, found]) => [value ?? "no error", found]), process.stdout); // prettier-ignore
    return `${visible(JSON.stringify({ counts: sorted.map(([value, found]) => ({ [countBy]: value, count: found })) }))}\n`;
  }
  const { items, nextCursor } = await listPage(rows, selection, options);
  const details = await readDetails(database, items.map(({ id }) => id)); // prettier-ignore
  if (json) return `${visible(JSON.stringify({ items: items.map((item) => ({ ...item, ...details.get(item.id) })), nextCursor }))}\n`;
  return formatList(items, details, nextCursor === null ? null : again(nextCursor), Date.now(), process.stdout);
}

/** A row that holds no instance has no place on the page. The others have, so the list goes on. */
function reportCorrupt({ message }: UnreadableError): void {
  process.stderr.write(`hephaestus-prisma: ${visible(message)}\n`);
}

function readRequest(argv: readonly string[]): ListRequest {
  const { values: parsed, tokens } = parseArguments(argv, { options: OPTIONS, tokens: true });
  const values = parsed.stuck === undefined ? parsed : { ...parsed, ...stuckFor(parsed, parsed.stuck) };
  if (values.asc && values.desc) throw new UsageFailure("--asc and --desc exclude each other");
  const paging = tokens.find((token) => token.kind === "option" && Object.hasOwn(PAGE_OPTIONS, token.name));
  const counting = values.count ? "--count" : "--count-by";
  const countBy = values["count-by"];
  if (values.count && countBy !== undefined) throw new UsageFailure("--count and --count-by exclude each other");
  if ((values.count || countBy !== undefined) && paging?.kind === "option")
    throw new UsageFailure(`${counting} counts all that match: leave out --${paging.name}`);
  const orderBy = values["order-by"];
  const options: ListOptions = {
    onUnreadable: reportCorrupt,
    direction: values.asc ? "asc" : "desc",
    ...(orderBy !== undefined && { orderBy: parseColumn(orderBy, COLUMNS, "--order-by") }),
    ...(values.limit !== undefined && { limit: parseCount(values.limit, "--limit") }),
    ...(values.cursor !== undefined && { cursor: values.cursor }),
  };
  const selection = parseFilters(values);
  return {
    selection,
    options: asUsage(() => checkCursor(checkOptions(options, LIST_OPTIONS))),
    count: values.count,
    countBy: countBy === undefined ? undefined : parseColumn(countBy, COUNT_COLUMNS, "--count-by"),
    table: values.table,
    json: values.json,
    url: values.url,
    again: (cursor) => nextPageCommand(tokens, cursor),
  };
}

/** The options that `--stuck` stands for. */
function stuckFor({ status, desc, ...given }: StuckOptions, duration: string): StuckOptions {
  if (status !== undefined || given["updated-before"] !== undefined)
    throw new UsageFailure("--stuck stands for --status and --updated-before: leave them out");
  parseDuration(duration, "--stuck");
  const active = STATUSES.filter((one) => !isTerminal(one)).join(",");
  return { status: active, "updated-before": duration, asc: !desc, desc };
}

interface StuckOptions {
  readonly status?: string | undefined;
  readonly "updated-before"?: string | undefined;
  readonly asc: boolean;
  readonly desc: boolean;
}

function parseColumn<Column>(text: string, columns: ReadonlyMap<string, Column>, option: string): Column {
  const column = columns.get(text);
  if (column !== undefined) return column;
  throw new UsageFailure(`${option} is invalid: expected ${[...columns.keys()].join(", ")}, found ${JSON.stringify(text)}`);
}
