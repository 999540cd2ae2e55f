import { mkdirSync, writeFileSync } from "node:fs";
import { arch, cpus, platform } from "node:os";
import { format, resolveConfig } from "prettier";
import { CELLS, CONCURRENCIES, LARGE, largeCell, OPERATIONS, putMany, smallCell } from "./cells.js";
import { drawChart } from "./chart.js";
import type { Competitor } from "./competitor.js";
import { COMPETITORS } from "./competitors/index.js";
import { findVersion } from "./dependencies.js";
import type { Result, Results } from "./result.js";
import { type Cell, PUT_MANY_ROWS } from "./slot.js";
import { fillTemplate } from "./template.js";

/** How the results came about. */
export interface Circumstances {
  readonly rounds: number;
  readonly milliseconds: number;
  readonly warmUp: number;
  readonly pool: number;
  readonly postgres: string;
}

const DOCS = new URL("../docs/", import.meta.url);
const OURS = "hephaestus-prisma";
const NONE = "–";

/** Writes `docs/benchmarks.md` and its charts, and answers their paths. */
export async function writeReport(results: Results, circumstances: Circumstances): Promise<string[]> {
  mkdirSync(new URL("benchmarks/", DOCS), { recursive: true });
  const written = OPERATIONS.map((operation) => {
    const path = `benchmarks/${operation}.svg`;
    writeFileSync(new URL(path, DOCS), chartOf(results, operation));
    return path;
  });
  const document = new URL("benchmarks.md", DOCS);
  const options = await resolveConfig(document);
  writeFileSync(document, await format(fillTemplate(sectionsOf(results, circumstances)), { ...options, parser: "markdown" }));
  return ["benchmarks.md", ...written].map((path) => `docs/${path}`);
}

function sectionsOf(results: Results, { rounds, milliseconds, warmUp, pool, postgres }: Circumstances): Record<string, string> {
  const measured = COMPETITORS.filter(({ name }) => CELLS.some((cell) => results.result(cell, name)));
  return {
    machine: `${cpus().length} cores (${platform()}, ${arch()}), Node ${process.versions.node}, PostgreSQL ${postgres}`,
    newerNode: measured
      .filter(({ node }) => node !== undefined && node > Number(process.versions.node.split(".")[0]))
      .map(({ package: name = "", node = 0 }) => `, ${name} on Node ${node}`)
      .join(""),
    rounds: String(rounds),
    milliseconds: String(milliseconds),
    warmUp: String(warmUp),
    pool: String(pool),
    many: String(PUT_MANY_ROWS),
    control: controlOf(results),
    left: leftOut(measured),
    versions: versionsOf(measured),
    how: measured
      .filter(({ how }) => how !== undefined)
      .map(({ title, how = "" }) => `- **${title}** ${how}`)
      .join("\n"),
    bare: bareTable(results),
    batches: batchTable(results),
    ...Object.fromEntries(OPERATIONS.map((operation) => [operation, operationTable(results, operation)])),
    large: largeTable(results),
  };
}

/** Speed in operations a second, and in relation to the reference. */
function operationTable(results: Results, operation: (typeof OPERATIONS)[number]): string {
  const columns = CONCURRENCIES.flatMap((concurrency) => [`× ${concurrency}`, "ratio"]);
  return table(
    ["", ...columns, "statements", "client CPU × 1", "× 10", "peak RSS"],
    COMPETITORS.flatMap(({ name, title }) => {
      const found = CONCURRENCIES.map((concurrency) => results.result(smallCell(operation, concurrency), name));
      const [one, ten] = found;
      if (found.every((result) => result === undefined)) return [];
      const peak = Math.max(...found.map((result) => result?.peakRss ?? 0));
      return [
        [
          title,
          ...found.flatMap((result) => [perSecond(result), ratio(result)]),
          statements(one),
          cpu(one),
          cpu(ten),
          `${peak.toFixed(0)} MB`,
        ],
      ];
    }),
  );
}

function largeTable(results: Results): string {
  const cells = LARGE.flatMap((size) => [largeCell("put", size), largeCell("get", size)]);
  return table(
    ["", ...cells.flatMap(({ operation, size }) => [`${operation} ${size}`, "ratio"]), "client CPU, put 1 MB", "peak RSS"],
    COMPETITORS.flatMap(({ name, title }) => {
      const found = cells.map((cell) => results.result(cell, name));
      if (found.every((result) => result === undefined)) return [];
      const peak = Math.max(...found.map((result) => result?.peakRss ?? 0));
      const put = results.result(largeCell("put", "1 MB"), name);
      return [[title, ...found.flatMap((result) => [perSecond(result), ratio(result)]), cpu(put), `${peak.toFixed(0)} MB`]];
    }),
  );
}

const BARE: readonly (readonly [ours: string, theirs: string, title: string])[] = [
  ["hephaestus", "prisma-well", "÷ well-written"],
  ["hephaestus", "prisma-naive", "÷ naive"],
  ["hephaestus-named", "prisma-well-named", "named statements ÷ well-written, named statements"],
  ["hephaestus-coalesced", "prisma-well", "`coalesceWrites` ÷ well-written"],
  ["hephaestus-named-coalesced", "prisma-well-named", "`coalesceWrites`, named statements ÷ well-written, named statements"],
];

/** This package in relation to the bare Prisma calls. */
function bareTable(results: Results): string {
  const cells = OPERATIONS.flatMap((operation) => CONCURRENCIES.map((concurrency) => smallCell(operation, concurrency)));
  return table(
    ["", ...cells.map(({ operation, concurrency }) => `${operation} × ${concurrency}`)],
    BARE.map(([ours, theirs, title]) => [title, ...cells.map((cell) => ratio(results.result(cell, ours, theirs)))]),
  );
}

/** Many at once, in relation to the reference's single puts: where commits don't wait for the disk, and where they do. */
function batchTable(results: Results): string {
  type Measured = readonly [what: string, cell: (durable: boolean) => Cell, name: string];
  const coalesced = (concurrency: number, name: string, how: string): Measured => [
    `\`put\` × ${concurrency}, \`coalesceWrites\`${how}`,
    (durable) => smallCell("put", concurrency, durable),
    name,
  ];
  const rows: readonly Measured[] = [
    ["`putMany`, a row", putMany, "hephaestus"],
    ["`putMany`, a row, named statements", putMany, "hephaestus-named"],
    coalesced(10, "hephaestus-coalesced", ""),
    coalesced(10, "hephaestus-named-coalesced", ", named statements"),
    coalesced(50, "hephaestus-coalesced", ""),
    coalesced(50, "hephaestus-named-coalesced", ", named statements"),
  ];
  return table(
    ["", "rows a second", "ratio", "durable", "ratio", "statements a row", "client CPU a row"],
    rows.map(([what, cell, name]) => {
      const [result, durable] = [results.result(cell(false), name), results.result(cell(true), name)];
      return [what, perSecond(result), ratio(result), perSecond(durable), ratio(durable), statements(result), cpu(result)];
    }),
  );
}

/** How far the reference is from itself. */
function controlOf(results: Results): string {
  const ratios = CELLS.map((cell) => results.result(cell, "raw-named-again")?.ratio).filter((found) => found !== undefined);
  return ratios.length === 0 ? NONE : `${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)}`;
}

function leftOut(measured: readonly Competitor[]): string {
  const left = COMPETITORS.filter((competitor) => !measured.includes(competitor)).map(({ title }) => title);
  return left.length === 0 ? "" : `Not there in this run: ${left.join(", ")}.`;
}

function versionsOf(measured: readonly Competitor[]): string {
  const names = new Set(["pg", "@prisma/client", "@prisma/adapter-pg", ...measured.map((competitor) => competitor.package ?? "pg")]);
  names.delete(OURS);
  return table(["package", "version"], [[OURS, "this checkout"], ...[...names].map((name) => [name, findVersion(name)])]);
}

function chartOf(results: Results, operation: (typeof OPERATIONS)[number]): string {
  return drawChart({
    title: `${operation}, 2 KB: speed in relation to raw pg with named statements (longer is faster)`,
    series: CONCURRENCIES.map((concurrency) => `concurrency ${concurrency}`),
    rows: COMPETITORS.filter(({ name }) => name !== "raw-named-again").flatMap(({ name, title, package: of }) => {
      const values = CONCURRENCIES.map((concurrency) => results.result(smallCell(operation, concurrency), name)?.ratio ?? NaN);
      return values.every(Number.isNaN) ? [] : [{ label: title.replaceAll(/[*`]/g, ""), values, ours: of === OURS }];
    }),
  });
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? "---" : "--:"))), ...rows.map(line)].join("\n");
}

function perSecond(result: Result | undefined): string {
  return result === undefined ? NONE : result.perSecond.toFixed(result.perSecond < 100 ? 1 : 0);
}

function ratio(result: Result | undefined): string {
  return result === undefined ? NONE : result.ratio.toFixed(2);
}

function statements(result: Result | undefined): string {
  return result?.statements === undefined ? NONE : Number(result.statements.toFixed(2)).toString();
}

function cpu(result: Result | undefined): string {
  return result === undefined ? NONE : `${result.cpu.toFixed(result.cpu < 1 ? 3 : 2)} ms`;
}
