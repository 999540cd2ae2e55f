import { checkColumn } from "../../instance/check.js";
import { isInteger, parseExact } from "../../state/exact-json.js";
import { CorruptInstanceError, PrecisionLossError } from "../../errors.js";
import type { Instance } from "../../instance/instance.js";
import { fromRow } from "../../state/mapping.js";
import { parseArguments } from "../arguments.js";
import { createColours } from "../terminal/colours.js";
import type { Command } from "../command.js";
import { openDatabase, TABLE } from "../connection.js";
import { findDatabaseUrl } from "../database-url.js";
import { Failure, UsageFailure } from "../failure.js";
import type { UnreadableError } from "../../storage/options.js";
import type { BigIntegers } from "../../values/big-integers.js";
import type { SqlRows } from "../../sql/sql-rows.js";
import { formatLife, formatStored } from "./life-text.js";
import { visible } from "../terminal/visible.js";

const HELP = `Usage: hephaestus-prisma show <id> [options]

Shows the life of one workflow instance: where it is now, what it waits for, and each event with its time, the time since
the one before, and what it added to the context. Values are shortened. Times are in UTC.

  --full          all values in full
  --json          the row as it is stored, as JSON, the state to its last digit
  --table <name>  the table, if it has another name or is in another schema (${TABLE})
  --url <url>     the database; else DATABASE_URL, else that of your Prisma config. Its ?schema= counts
  -h, --help      this text

An id that begins with a dash goes after two: npx hephaestus-prisma show -- -4711

Exits with 0, with 1 after a failure, if there is no such instance or if its row is corrupt, and with 2 if the command line
is wrong.
`;

const OPTIONS = {
  table: { type: "string", default: TABLE },
  full: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  url: { type: "string" },
} as const;

/** Shows one instance's life. */
export const showCommand: Command = { help: HELP, run };

async function run(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArguments(argv, { options: OPTIONS, allowPositionals: true });
  const id = parseId(positionals);
  const database = await openDatabase(await findDatabaseUrl(values.url), values.table);
  const row = await database.rows.findWhole(id).finally(() => database.close());
  if (row === null) throw new Failure(`there is no instance ${visible(JSON.stringify(id))} in ${database.table}`);
  if (values.json) process.stdout.write(`${toJson(row)}\n`);
  else {
    const how = { now: Date.now(), extent: values.full ? "full" : "short", colours: createColours(process.stdout) } as const;
    const instance = decode(row);
    if (instance instanceof Error) {
      process.stdout.write(formatStored(row, parseExact(row.stateText, "state", digits), how));
      throw new Failure(`${visible(instance.message)}. With --json, the row is printed as it is stored`, { cause: instance });
    }
    process.stdout.write(formatLife(row, instance, how));
  }
  return 0;
}

function parseId([id, ...more]: readonly string[]): string {
  if (id === undefined) throw new UsageFailure("which instance? Give its id, such as npx hephaestus-prisma show order::4711");
  if (more.length > 0) throw new UsageFailure(`expected one id, found ${more.length + 1}`);
  return checkColumn(id, (problem) => {
    throw new UsageFailure(`the id is invalid: ${problem}`);
  });
}

type WholeRow = NonNullable<Awaited<ReturnType<SqlRows["findWhole"]>>>;

/** The instance, in whichever form its large integers are stored, or why the row holds none. */
function decode(row: WholeRow, bigIntegers: BigIntegers = "bigint"): Instance | UnreadableError {
  try {
    return fromRow(row, bigIntegers);
  } catch (error) {
    if (!(error instanceof CorruptInstanceError || error instanceof PrecisionLossError)) throw error;
    const instance = bigIntegers === "bigint" ? decode(row, "error") : error;
    return instance instanceof Error ? error : instance;
  }
}

/** What no number can hold, in a state that is only shown. */
function digits(text: string): unknown {
  return isInteger(text) ? BigInt(text) : text;
}

/** The state's text goes in as it is: JSON tools would round its numbers. */
function toJson({ stateText, ...columns }: WholeRow): string {
  return visible(`${JSON.stringify(columns).slice(0, -1)},"state":${stateText}}`);
}
