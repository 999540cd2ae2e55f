import { SUMMARY_FIELDS } from "../../postgres/columns.js";
import { checkOptions, LIST_OPTIONS } from "../../storage/check-options.js";
import type { ListOptions, OrderColumn } from "../../storage/options.js";
import { createRetry } from "../../postgres/retry.js";
import { pageSql } from "../../postgres/select.js";
import { type SummaryQuery, toSummaryQuery } from "../../storage/listings.js";
import { asUsage, parseArguments, parseCount } from "../arguments.js";
import type { Command } from "../command.js";
import { openDatabase } from "../connection.js";
import { countInstances } from "./count-instances.js";
import { findDatabaseUrl } from "../database-url.js";
import { UsageFailure } from "../failure.js";
import { FILTER_OPTIONS, parseFilters } from "./list-filters.js";
import { formatList } from "./list-text.js";
import { nextPageCommand } from "./next-page.js";
import { visible } from "../terminal/visible.js";
import type { SummaryRow } from "../../serialization/row.js";

const HELP = `Usage: hephaestus-prisma list [options]

Lists workflow instances, the last updated first, without reading their states. All filters that are given must match.

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

  --order-by <column>       updated-at (where it is left out), inserted-at or id
  --asc, --desc             in which direction; --desc where it is left out
  --limit <n>               how many at the most (50)
  --after <cursor>          the page that begins there; each page tells the command line of the next one
  --count                   only how many match
  --json                    the page as JSON: {"items":[{"id":…,"insertedAt":…}],"nextCursor":null}, or {"count":2}
  --url <url>               the database; else DATABASE_URL, else that of your Prisma config. Its ?schema= counts
  -h, --help                this text

Times are in UTC where they don't say otherwise. Exits with 0, with 1 after a failure, and with 2 where the command line is
wrong.
`;

const PAGE_OPTIONS = {
  "order-by": { type: "string" },
  asc: { type: "boolean", default: false },
  desc: { type: "boolean", default: false },
  limit: { type: "string" },
  after: { type: "string" },
} as const;

const OPTIONS = {
  ...FILTER_OPTIONS,
  ...PAGE_OPTIONS,
  count: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  url: { type: "string" },
} as const;

const COLUMNS: ReadonlyMap<string, OrderColumn> = new Map([
  ["updated-at", "updatedAt"],
  ["inserted-at", "insertedAt"],
  ["id", "id"],
]);

interface ListRequest {
  readonly query: SummaryQuery;
  readonly count: boolean;
  readonly json: boolean;
  readonly url: string | undefined;
  /** The command line of the page that begins at a cursor. */
  readonly again: (cursor: string) => string;
}

/** What is there. */
export const listCommand: Command = { summary: "list workflow instances, page by page", help: HELP, run };

async function run(argv: readonly string[]): Promise<number> {
  const { query, count, json, url, again } = readRequest(argv);
  const { selection, page, cut } = query;
  const database = await openDatabase(await findDatabaseUrl(url));
  try {
    if (count) {
      const found = await countInstances(database, selection);
      process.stdout.write(json ? `{"count":${found}}\n` : `${found}\n`);
      return 0;
    }
    const { text, values } = pageSql(database.table, selection, SUMMARY_FIELDS, page);
    const { rows, nextCursor } = cut(await createRetry({}).read(() => database.rows<SummaryRow>(text, values)));
    if (json) process.stdout.write(`${visible(JSON.stringify({ items: rows, nextCursor }))}\n`);
    else process.stdout.write(formatList(rows, nextCursor === null ? null : again(nextCursor), Date.now(), process.stdout));
    return 0;
  } finally {
    await database.close();
  }
}

function readRequest(argv: readonly string[]): ListRequest {
  const { values, tokens } = parseArguments(argv, { options: OPTIONS, tokens: true });
  if (values.asc && values.desc) throw new UsageFailure("--asc and --desc exclude each other");
  const paging = tokens.find((token) => token.kind === "option" && Object.hasOwn(PAGE_OPTIONS, token.name));
  if (values.count && paging?.kind === "option") throw new UsageFailure(`--count counts all that match: leave out --${paging.name}`);
  const orderBy = values["order-by"];
  const options: ListOptions = {
    direction: values.asc ? "asc" : "desc",
    ...(orderBy !== undefined && { orderBy: parseColumn(orderBy) }),
    ...(values.limit !== undefined && { limit: parseCount(values.limit, "--limit") }),
    ...(values.after !== undefined && { after: values.after }),
  };
  const selection = parseFilters(values);
  return {
    query: asUsage(() => toSummaryQuery(selection, checkOptions(options, LIST_OPTIONS))),
    count: values.count,
    json: values.json,
    url: values.url,
    again: (cursor) => nextPageCommand(tokens, cursor),
  };
}

function parseColumn(text: string): OrderColumn {
  const column = COLUMNS.get(text);
  if (column !== undefined) return column;
  throw new UsageFailure(`--order-by is invalid: expected ${[...COLUMNS.keys()].join(", ")}, found ${JSON.stringify(text)}`);
}
