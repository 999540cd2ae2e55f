import { CANDIDATES, REFERENCE } from "./candidates/index.js";
import { type Case, CONCURRENCIES, OPERATIONS, smallCase } from "./case.js";
import { table } from "./markdown/table.js";
import { resultOf, type Results } from "./results.js";

const PRISMA_ROWS = "hephaestus";
const SQL_ROWS = "hephaestus-sql";
const PG_ROWS = "hephaestus-pg";
const COALESCED = "hephaestus-pg-coalesced";
const BARE = "bare-prisma";
const PEERS = CANDIDATES.filter(({ description }) => description !== undefined).map(({ name }) => name);

/** What the document says first: how this package compares with each of the others, and with what was aimed at. */
export function summary(results: Results): string {
  const cases = OPERATIONS.flatMap((operation) => CONCURRENCIES.map((concurrency) => smallCase(operation, concurrency)));
  const rows = [PRISMA_ROWS, SQL_ROWS, PG_ROWS, COALESCED].flatMap((ours) =>
    [REFERENCE, BARE, ...PEERS].flatMap((theirs) => {
      const ratios = cases.map((one) => resultOf(results, one, ours, theirs)?.ratio);
      return ratios.every((ratio) => ratio === undefined) ? [] : [[`${titleOf(ours)} ÷ ${titleOf(theirs)}`, ...ratios.map(show)]];
    }),
  );
  return [
    table(["", ...cases.map(({ operation, concurrency }) => `${operation} × ${concurrency}`)], rows),
    "What the storage on `pg` aims at, and what this run gave:",
    TARGETS.map((target) => `- ${target(results)}`).join("\n"),
  ].join("\n\n");
}

type Target = (results: Results) => string;

const TARGETS: readonly Target[] = [
  atLeast("put", 0.9, [1, 10]),
  atLeast("get", 0.9, [1, 10, 50]),
  atLeast("list", 0.85, [1, 10, 50]),
  aheadOfAll(false),
  aheadOfAll(true),
];

function atLeast(operation: (typeof OPERATIONS)[number], least: number, concurrencies: readonly number[]): Target {
  return (results) => {
    const found = concurrencies.map((concurrency) => resultOf(results, smallCase(operation, concurrency), PG_ROWS)?.ratio);
    const aim = `${operation} at ${least} of raw \`pg\` with ${concurrencies.join(", ")} callers`;
    return `${aim}: ${found.map(show).join(", ")}${verdict(found, least)}`;
  };
}

/** Coalesced puts in relation to the fastest other engine. */
function aheadOfAll(durable: boolean): Target {
  return (results) => {
    const concurrencies = [10, 50] as const;
    const cases = concurrencies.map((concurrency) => smallCase("put", concurrency, durable));
    const found = cases.map((one) => againstFastest(results, one));
    const aim = `coalesced puts ahead of every other engine with ${concurrencies.join(" and ")} callers, ${durable ? "durable" : "without fsync"}`;
    const named = found.map(({ peer, ratio }) => (ratio === undefined ? "–" : `${show(ratio)} of ${titleOf(peer)}, the fastest`));
    return `${aim}: ${named.join("; ")}${verdict(
      found.map(({ ratio }) => ratio),
      1,
    )}`;
  };
}

/** The peer to which the coalesced puts compare worst, and how. */
function againstFastest(results: Results, one: Case): { readonly peer: string; readonly ratio: number | undefined } {
  const all = PEERS.map((peer) => ({ peer, ratio: resultOf(results, one, COALESCED, peer)?.ratio }));
  return all.reduce((worst, next) => ((next.ratio ?? Infinity) < (worst.ratio ?? Infinity) ? next : worst));
}

function verdict(found: readonly (number | undefined)[], least: number): string {
  if (found.some((ratio) => ratio === undefined)) return "";
  return found.every((ratio) => ratio !== undefined && ratio >= least) ? ": reached" : ": **not reached**";
}

function titleOf(name: string): string {
  return CANDIDATES.find((candidate) => candidate.name === name)?.title.replace(" (1.00)", "") ?? name;
}

function show(ratio: number | undefined): string {
  return ratio === undefined ? "–" : ratio.toFixed(2);
}
