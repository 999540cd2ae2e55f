import { clientSql } from "../../pg/pg-sql.js";
import { createSqlRows } from "../../sql/sql-rows.js";
import type { BigIntegers } from "../../values/big-integers.js";
import { CorruptInstanceError, PrecisionLossError } from "../../errors.js";
import { fromRow } from "../../state/mapping.js";
import type { TextRow } from "../../state/row.js";
import { type Finding, plural } from "./finding.js";
import { Rejected, type Session } from "./session.js";
import { sqlText } from "./sql-text.js";
import type { TableFacts } from "./table-facts.js";
import type { UnreadableError } from "../../storage/options.js";

/** How many rows are read. */
export interface RowOptions {
  /** All of them, and not only a sample. */
  readonly all: boolean;
  /** Called with how many were read so far. */
  readonly onProgress: (read: number) => void;
}

interface Tally {
  readonly read: number;
  /** Whether there may be more rows. */
  readonly sampled: boolean;
  readonly unreadable: Unreadable;
  /** Rows that only `bigIntegers: "bigint"` reads. */
  readonly large: Unreadable;
}

/** How many rows can't be read, and why the first of them can't. */
interface Unreadable {
  count: number;
  readonly first: UnreadableError[];
}

const SAMPLE = 1000;
const PAGE = { orderBy: [{ id: "asc" as const }], take: 100, crowded: true };
const REPORTED = 10;

/** Reads rows as the storage does, the first thousand by id or all, and reports those that can't be read. */
export async function checkRows(session: Session, table: TableFacts, options: RowOptions): Promise<Finding[]> {
  const tally = await session.attempt(() => readRows(session, table, options));
  if (tally instanceof Rejected)
    return [
      { check: "rows", ok: false, found: tally.message, expected: "that they can be read", fix: "fix what it says, and run this again" },
    ];
  return [unreadableRows(tally, table), ...(tally.large.count === 0 ? [] : [largeIntegers(tally, table)])];
}

async function readRows({ client }: Session, { name }: TableFacts, { all, onProgress }: RowOptions): Promise<Tally> {
  const rows = createSqlRows(clientSql(client, false), name);
  const unreadable: Unreadable = { count: 0, first: [] };
  const large: Unreadable = { count: 0, first: [] };
  let read = 0;
  let last: string | undefined;
  while (all || read < SAMPLE) {
    const page = await rows.findMany({ where: last === undefined ? {} : { id: { gt: last } }, contains: [] }, PAGE);
    for (const row of page) {
      const error = whyUnreadable(row, "error");
      if (error === null) continue;
      const reason = whyUnreadable(row, "bigint");
      if (reason === null) add(large, error);
      else add(unreadable, reason);
    }
    read += page.length;
    last = page.at(-1)?.id;
    onProgress(read);
    if (page.length < PAGE.take) break;
  }
  return { read, sampled: !all && read >= SAMPLE, unreadable, large };
}

function add(unreadable: Unreadable, error: UnreadableError): void {
  if (unreadable.count++ < REPORTED) unreadable.first.push(error);
}

function whyUnreadable(row: TextRow, bigIntegers: BigIntegers): UnreadableError | null {
  try {
    fromRow(row, bigIntegers);
    return null;
  } catch (error) {
    if (error instanceof CorruptInstanceError || error instanceof PrecisionLossError) return error;
    throw error;
  }
}

function unreadableRows({ read, sampled, unreadable }: Tally, { name }: TableFacts): Finding {
  const rows = `${plural(read, "row")}${sampled ? ", a sample: --rows reads all" : ""}`;
  const expected = "that all can be read as instances";
  if (unreadable.count === 0) return { check: "rows", ok: true, found: `read ${rows}`, expected, fix: null };
  const ids = unreadable.first.map(({ id }) => sqlText(id));
  return {
    check: "rows",
    ok: false,
    found: [`${unreadable.count.toLocaleString("en")} can't be read of ${rows}`, ...messages(unreadable)].join("\n"),
    expected,
    fix:
      `SELECT * FROM ${name} WHERE id IN (${ids.join(", ")}); -- and correct or delete these\n` +
      'until then, storage.query(filters, { onUnreadable: "skip" }) leaves them out',
  };
}

function largeIntegers({ large }: Tally, { name }: TableFacts): Finding {
  return {
    check: "large integers",
    ok: "note",
    found: [`in ${plural(large.count, "row")}`, ...messages(large)].join("\n"),
    expected: 'none that a JavaScript number can\'t hold, or bigIntegers: "bigint"',
    fix: `createPrismaStorage(prisma, { table: ${JSON.stringify(name)}, bigIntegers: "bigint" })`,
  };
}

function messages({ count, first }: Unreadable): string[] {
  const rest = count - first.length;
  return [...first.map(({ message }) => message), ...(rest > 0 ? [`and ${rest.toLocaleString("en")} more`] : [])];
}
