import { selectList, TEXT_FIELDS } from "../../postgres/columns.js";
import { type Codec, createCodec } from "../../serialization/codec.js";
import { CorruptInstanceError, PrecisionLossError } from "../../errors.js";
import { fromRow } from "../../serialization/mapping.js";
import type { TextRow } from "../../serialization/row.js";
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
  /** Whether there may be more. */
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
const PAGE = 100;
const REPORTED = 10;
const NUMBERS = createCodec(false);
const EXACT = createCodec(true);

/** Reads rows as the storage does, and reports those that can't be read. */
export async function checkRows(session: Session, table: TableFacts, options: RowOptions): Promise<Finding[]> {
  const tally = await session.attempt(() => readRows(session, table, options));
  if (tally instanceof Rejected)
    return [
      { check: "rows", ok: false, found: tally.message, expected: "that they can be read", fix: "fix what it says, and run this again" },
    ];
  return [unreadableRows(tally, table), ...(tally.large.count === 0 ? [] : [largeIntegers(tally)])];
}

// By a cursor: page by page, in the order that is cheapest.
async function readRows({ query }: Session, table: TableFacts, { all, onProgress }: RowOptions): Promise<Tally> {
  const unreadable: Unreadable = { count: 0, first: [] };
  const large: Unreadable = { count: 0, first: [] };
  const percentage = all ? 100 : await samplePercentage(query, table);
  await query(
    `DECLARE instances NO SCROLL CURSOR FOR
     SELECT ${selectList(TEXT_FIELDS)} FROM ${table.name}
     TABLESAMPLE SYSTEM (${percentage})`,
  );
  let read = 0;
  while (all || read < SAMPLE) {
    const page = await query<TextRow>(`FETCH ${PAGE} FROM instances`);
    for (const row of page) {
      const error = whyUnreadable(row, NUMBERS);
      if (error === null) continue;
      const reason = error instanceof PrecisionLossError ? whyUnreadable(row, EXACT) : error;
      if (reason === null) add(large, error);
      else add(unreadable, reason);
    }
    read += page.length;
    onProgress(read);
    if (page.length < PAGE) break;
  }
  return { read, sampled: percentage < 100 || (!all && read >= SAMPLE), unreadable, large };
}

// Pages with about twice as many rows as are read; all of them if PostgreSQL doesn't know yet how many there are.
async function samplePercentage(query: Session["query"], { oid }: TableFacts): Promise<number> {
  const [row] = await query<{ estimate: number }>("SELECT reltuples AS estimate FROM pg_class WHERE oid = $1", oid);
  return Math.min(100, (200 * SAMPLE) / Math.max(1, row?.estimate ?? 1));
}

function add(unreadable: Unreadable, error: UnreadableError): void {
  if (unreadable.count++ < REPORTED) unreadable.first.push(error);
}

function whyUnreadable(row: TextRow, codec: Codec): UnreadableError | null {
  try {
    fromRow(row, codec);
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

function largeIntegers({ large }: Tally): Finding {
  return {
    check: "large integers",
    ok: "note",
    found: [`in ${plural(large.count, "row")}`, ...messages(large)].join("\n"),
    expected: 'none that a JavaScript number can\'t hold, or bigIntegers: "bigint"',
    fix: 'createPrismaStorage(client, { bigIntegers: "bigint" })',
  };
}

function messages({ count, first }: Unreadable): string[] {
  const rest = count - first.length;
  return [...first.map(({ message }) => message), ...(rest > 0 ? [`and ${rest.toLocaleString("en")} more`] : [])];
}
