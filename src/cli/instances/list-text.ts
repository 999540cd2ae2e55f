import type { InstanceSummary } from "../../instance/summary.js";
import type { CountColumn } from "../../storage/options.js";
import { formatAgo } from "../terminal/elapsed.js";
import { colourStatus, createColours } from "../terminal/colours.js";
import { alignColumns, shorten, widthsOf } from "../terminal/text-table.js";
import { shellWord } from "../terminal/shell-word.js";
import { visible } from "../terminal/visible.js";

/** The part of a stream that says what it can show. */
interface Screen {
  readonly isTTY?: boolean;
  /** How wide a terminal is. */
  readonly columns?: number;
}

const HEADER = ["id", "workflow", "version", "status", "updated", "inserted"];
const GAP = "  ";
const NARROWEST = 12;
const KEPT_TAIL = 6;

/** A page of a list as a table, with the command line of the next one. */
export function formatList(rows: readonly InstanceSummary[], next: string | null, now: number, screen: Screen): string {
  if (rows.length === 0) return "no instances\n";
  const colours = createColours(screen);
  const cells = rows.map(({ id, workflow, workflowVersion, status, insertedAt, updatedAt }) => [
    ...[visible(id), visible(workflow), String(workflowVersion), visible(status)],
    ...[formatAgo(updatedAt, now), formatAgo(insertedAt, now)],
  ]);
  const [header = [], ...aligned] = alignColumns(fit([HEADER, ...cells], screen));
  const lines = aligned.map((row) =>
    row.map((cell, column) => (HEADER[column] === "status" ? colourStatus(cell, colours) : cell)).join(GAP),
  );
  const more = next === null ? [] : ["", `next page: ${colours("dim", visible(next))}`];
  return [colours("bold", header.join(GAP)), ...lines, ...more].map((line) => `${line}\n`).join("");
}

/** Counts as a table. */
export function formatCounts(column: CountColumn, counts: readonly (readonly [string | number, number])[], screen: Screen): string {
  if (counts.length === 0) return "no instances\n";
  const colours = createColours(screen);
  const header = [column === "workflowVersion" ? "version" : column, "instances"];
  const [title = [], ...rows] = alignColumns([header, ...counts.map(([value, count]) => [visible(String(value)), String(count)])]);
  const lines = rows.map(([value = "", count = ""]) => [column === "status" ? colourStatus(value, colours) : value, count].join(GAP));
  return [colours("bold", title.join(GAP)), ...lines].map((line) => `${line}\n`).join("");
}

/** On a terminal, shortens ids and workflows to what the other columns leave of it. */
function fit(rows: readonly (readonly string[])[], { isTTY, columns = 0 }: Screen): readonly (readonly string[])[] {
  if (isTTY !== true || columns === 0) return rows;
  const [idWidth = 0, workflowWidth = 0, ...others] = widthsOf(rows);
  const left = others.reduce((rest, width) => rest - width - GAP.length, columns - GAP.length);
  const workflow = Math.min(workflowWidth, Math.max(NARROWEST, Math.floor(left / 2), left - idWidth));
  const id = Math.max(NARROWEST, left - workflow);
  return rows.map(([first = "", second = "", ...more]) => [shorten(first, id, KEPT_TAIL), shorten(second, workflow, KEPT_TAIL), ...more]);
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
