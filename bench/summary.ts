import { CANDIDATES, REFERENCE } from "./candidates/index.js";
import { type Case, CONCURRENCIES, OPERATIONS, smallCase } from "./case.js";
import { barChart } from "./markdown/chart.js";
import { table } from "./markdown/table.js";
import { resultOf, type Results } from "./results.js";

const BARE = "bare-prisma";
const WAYS = ["hephaestus", "hephaestus-sql", "hephaestus-sql-coalesced", "hephaestus-pg", "hephaestus-pg-coalesced"] as const;
const PEERS = CANDIDATES.filter(({ description }) => description !== undefined).map(({ name }) => name);

type Operation = (typeof OPERATIONS)[number];

/** What the document says first, for a user who chooses: one chart, and a sentence for each way to the table. */
export function summary(results: Results): string {
  const bars = (["put", "get"] as const).flatMap((operation) =>
    [BARE, ...WAYS, REFERENCE].flatMap((name) => {
      const ratio = resultOf(results, smallCase(operation, 10), name, BARE)?.ratio;
      return ratio === undefined ? [] : [{ label: `${operation}: ${name}`, value: ratio }];
    }),
  );
  const lists = (way: string, theirs: string): string =>
    OPERATIONS.map((operation) => `${operation} ${show(resultOf(results, smallCase(operation, 1), way, theirs)?.ratio)}`).join(", ");
  const at50 = (way: string, theirs: string): string =>
    (["put", "get"] as const).map((one) => `${one} ${show(resultOf(results, smallCase(one, 50), way, theirs)?.ratio)}`).join(", ");
  const peer = (way: string, operation: Operation, callers: number): string => {
    const { name, ratio } = againstFastest(results, smallCase(operation, callers), way);
    return `${operation} ${show(ratio)} of ${titleOf(name)}`;
  };
  return [
    barChart("put and get, 10 callers, 2 KB", "speed in relation to bare Prisma, longer is faster", bars),
    [
      `- **Prisma's verbs**, the default, are about as fast as the calls that they consist of (one caller: ${lists("hephaestus", BARE)} of bare Prisma).`,
      `- **SQL through Prisma** (\`table\`) gives ${lists("hephaestus-sql", BARE)} of bare Prisma with one caller; with both coalescings and 50 callers, ${at50("hephaestus-sql-coalesced", BARE)} of bare Prisma and ${at50("hephaestus-sql-coalesced", REFERENCE)} of raw \`pg\`.`,
      `- **\`pg\`** gives ${lists("hephaestus-pg", REFERENCE)} of raw \`pg\` with one caller; with both coalescings and 50 callers, ${at50("hephaestus-pg-coalesced", REFERENCE)}; and against the fastest other engine in each case, ${peer("hephaestus-pg-coalesced", "put", 50)}, ${peer("hephaestus-pg-coalesced", "get", 50)}, ${peer("hephaestus-pg", "list", 10)}.`,
    ].join("\n"),
  ].join("\n\n");
}

/** Each way in relation to each of the others. */
export function comparison(results: Results): string {
  const cases = OPERATIONS.flatMap((operation) => CONCURRENCIES.map((concurrency) => smallCase(operation, concurrency)));
  const rows = WAYS.flatMap((ours) =>
    [REFERENCE, BARE, ...PEERS].flatMap((theirs) => {
      const ratios = cases.map((one) => resultOf(results, one, ours, theirs)?.ratio);
      return ratios.every((ratio) => ratio === undefined) ? [] : [[`${titleOf(ours)} ÷ ${titleOf(theirs)}`, ...ratios.map(show)]];
    }),
  );
  return table(["", ...cases.map(({ operation, concurrency }) => `${operation} × ${concurrency}`)], rows);
}

/** What was aimed at: a way, in relation to what, in which calls with how many callers, and how fast at least. */
const AIMS: readonly (readonly [way: string, theirs: string, operation: Operation, callers: readonly number[], least: number])[] = [
  ["hephaestus", BARE, "put", [1], 0.9],
  ["hephaestus", BARE, "get", [1], 0.9],
  ["hephaestus", BARE, "list", [1], 0.8],
  ["hephaestus-sql", BARE, "put", [1, 10], 1.6],
  ["hephaestus-sql", BARE, "get", [1], 1.4],
  ["hephaestus-sql", BARE, "list", [1], 1],
  ["hephaestus-sql-coalesced", BARE, "get", [10, 50], 2],
  ["hephaestus-sql-coalesced", BARE, "put", [50], 2],
  ["hephaestus-sql-coalesced", REFERENCE, "get", [10], 0.9],
  ["hephaestus-sql-coalesced", REFERENCE, "get", [50], 2],
  ["hephaestus-sql-coalesced", REFERENCE, "put", [50], 1.3],
  ["hephaestus-pg", REFERENCE, "put", [1, 10], 0.95],
  ["hephaestus-pg", REFERENCE, "get", [1, 10], 0.87],
  ["hephaestus-pg", REFERENCE, "list", [1, 10], 0.8],
  ["hephaestus-pg-coalesced", REFERENCE, "get", [10], 1.3],
  ["hephaestus-pg-coalesced", REFERENCE, "get", [50], 2.5],
];

/** The aims, and what a run gave. */
export function aims(results: Results): string {
  const rows = AIMS.map(([way, theirs, operation, callers, least]) => {
    const found = callers.map((one) => resultOf(results, smallCase(operation, one), way, theirs)?.ratio);
    return [
      `${titleOf(way)} ÷ ${titleOf(theirs)}: ${operation} × ${callers.join(", ")}`,
      show(least),
      found.map(show).join(", "),
      verdict(found, least),
    ];
  });
  const ahead = ([false, true] as const).flatMap((durable) =>
    [10, 50].map((callers) => {
      const { name, ratio } = againstFastest(results, smallCase("put", callers, durable), "hephaestus-pg-coalesced");
      const title = `${titleOf("hephaestus-pg-coalesced")} ÷ ${titleOf(name)}, the fastest peer: put × ${callers}${durable ? ", durable" : ""}`;
      return [title, show(1), show(ratio), verdict([ratio], 1)];
    }),
  );
  return table(["", "at least", "found", ""], [...rows, ...ahead]);
}

/** The peer to which a way compares worst, and how. */
function againstFastest(results: Results, one: Case, way: string): { readonly name: string; readonly ratio: number | undefined } {
  const all = PEERS.map((name) => ({ name, ratio: resultOf(results, one, way, name)?.ratio }));
  return all.reduce((worst, next) => ((next.ratio ?? Infinity) < (worst.ratio ?? Infinity) ? next : worst));
}

function verdict(found: readonly (number | undefined)[], least: number): string {
  if (found.some((ratio) => ratio === undefined)) return "–";
  return found.every((ratio) => ratio !== undefined && Number(ratio.toFixed(2)) >= least) ? "reached" : "not reached";
}

function titleOf(name: string): string {
  return CANDIDATES.find((candidate) => candidate.name === name)?.title.replace(" (1.00)", "") ?? name;
}

function show(ratio: number | undefined): string {
  return ratio === undefined ? "–" : ratio.toFixed(2);
}
