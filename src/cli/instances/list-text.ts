import type { InstanceSummary } from "../../instance/summary.js";
import { formatAgo } from "../terminal/elapsed.js";
import { colourStatus, createColours } from "../terminal/colours.js";
import { shareWidth } from "../terminal/share-width.js";
import { alignColumns, shorten, widthsOf } from "../terminal/text-table.js";
import { shellWord } from "../terminal/shell-word.js";
import { visible } from "../terminal/visible.js";
import type { Details } from "./details.js";

/** The part of a stream that says what it can show. */
interface Screen {
  readonly isTTY?: boolean;
  /** How wide a terminal is. */
  readonly columns?: number;
}

/** A column of a list. */
interface Column {
  readonly title: string;
  readonly cell: (row: InstanceSummary, details: Details | undefined, now: number) => string;
  /** How much of its end stays if it is shortened; undefined for one that is never shortened. */
  readonly kept?: number;
}

const COLUMNS: readonly Column[] = [
  { title: "id", cell: ({ id }) => visible(id), kept: 6 },
  { title: "workflow", cell: ({ workflow }) => visible(workflow), kept: 6 },
  { title: "version", cell: ({ workflowVersion }) => String(workflowVersion) },
  { title: "status", cell: ({ status }) => visible(status) },
  { title: "step", cell: (_, details) => visible(details?.step ?? "-"), kept: 6 },
  { title: "updated", cell: ({ updatedAt }, _, now) => formatAgo(updatedAt, now) },
];
const ERROR: Column = { title: "error", cell: (_, details) => firstLine(details?.error ?? ""), kept: 0 };
const GAP = "  ";
const NARROWEST = 12;
const LONGEST_ERROR = 100;

/** A page of a list as a table, with the command line of the next one. The errors have a column if there is one. */
export function formatList(
  rows: readonly InstanceSummary[],
  details: ReadonlyMap<string, Details>,
  next: string | null,
  now: number,
  screen: Screen,
): string {
  if (rows.length === 0) return "no instances\n";
  const colours = createColours(screen);
  const hasErrors = rows.some(({ id }) => (details.get(id)?.error ?? null) !== null);
  const columns = hasErrors ? [...COLUMNS, ERROR] : COLUMNS;
  const cells = rows.map((row) => columns.map(({ cell }) => cell(row, details.get(row.id), now)));
  const [header = [], ...aligned] = alignColumns(fit([columns.map(({ title }) => title), ...cells], columns, screen));
  const lines = aligned.map((row) =>
    row
      .map((cell, column) => (columns[column]?.title === "status" ? colourStatus(cell, colours) : cell))
      .join(GAP)
      .trimEnd(),
  );
  const more = next === null ? [] : ["", `next page: ${colours("dim", visible(next))}`];
  return [colours("bold", header.join(GAP)), ...lines, ...more].map((line) => `${line}\n`).join("");
}

/** Counts as a table. */
export function formatCounts(title: string, counts: readonly (readonly [string | number, number])[], screen: Screen): string {
  if (counts.length === 0) return "no instances\n";
  const colours = createColours(screen);
  const cells = counts.map(([value, count]) => [firstLine(String(value)), String(count)]);
  const [header = [], ...rows] = alignColumns([[title, "instances"], ...cells]);
  const lines = rows.map(([value = "", count = ""]) => [title === "status" ? colourStatus(value, colours) : value, count].join(GAP));
  return [colours("bold", header.join(GAP)), ...lines].map((line) => `${line}\n`).join("");
}

function firstLine(text: string): string {
  return shorten(visible(text.slice(0, 10 * LONGEST_ERROR).split(/\r?\n/, 1)[0] ?? ""), LONGEST_ERROR);
}

/** On a terminal, shortens the columns that may be shortened to what the others leave of it. */
function fit(
  rows: readonly (readonly string[])[],
  columns: readonly Column[],
  { isTTY, columns: width = 0 }: Screen,
): readonly (readonly string[])[] {
  if (isTTY !== true || width === 0) return rows;
  const needed = widthsOf(rows);
  const fixed = needed.filter((_, column) => columns[column]?.kept === undefined);
  const left = fixed.reduce((rest, one) => rest - one, width - GAP.length * (columns.length - 1));
  const flexible = needed.filter((_, column) => columns[column]?.kept !== undefined);
  const shares = shareWidth(flexible, left, NARROWEST);
  const widths = columns.map(({ kept }, column) => (kept === undefined ? (needed[column] ?? 0) : (shares.shift() ?? 0)));
  return rows.map((row) => row.map((cell, column) => shorten(cell, widths[column] ?? 0, columns[column]?.kept)));
}

/** The part of a token of `parseArgs` that says which option was given. */
interface GivenOption {
  readonly kind: string;
  readonly name?: string;
  readonly value?: string | undefined;
}

/** The command line of the next page: the same options as before, and where it begins. */
export function nextPageCommand(options: readonly GivenOption[], cursor: string): string {
  return ["npx hephaestus-prisma list", ...options.flatMap(repeat), "--cursor", cursor].join(" ");
}

function repeat({ kind, name, value }: GivenOption): string[] {
  if (kind !== "option" || name === undefined || name === "cursor") return [];
  if (value === undefined) return [`--${name}`];
  if (name === "url") return ["--url", "…"]; // it may hold a password
  return value.startsWith("-") ? [`--${name}=${shellWord(value)}`] : [`--${name}`, shellWord(value)];
}
