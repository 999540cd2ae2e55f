import { CANDIDATES, CONTROL } from "./candidates/index.js";
import {
  type Case,
  CASES,
  CONCURRENCIES,
  LARGE_SIZES,
  largeCase,
  longDoublesCase,
  OPERATIONS,
  PUT_MANY_ROWS,
  putManyCase,
  smallCase,
} from "./case.js";
import { describeConditions } from "./conditions.js";
import { barChart } from "./markdown/chart.js";
import { writeSections } from "./markdown/document.js";
import { table } from "./markdown/table.js";
import { measuredCandidates, type Result, resultOf, type Results } from "./results.js";
import { aims, comparison, summary } from "./summary.js";

const NONE = "–";

/** Writes the measured sections of `docs/benchmarks.md`. */
export async function writeReport(results: Results): Promise<void> {
  await writeSections("benchmarks.md", {
    summary: summary(results),
    run: runText(results),
    comparison: comparison(results),
    aims: aims(results),
    numbers: numbersTable(results),
    batches: batchTable(results),
    ...Object.fromEntries(OPERATIONS.map((one) => [one, `${operationChart(results, one)}\n\n${operationTable(results, one)}`])),
    large: largeTable(results),
    versions: table(["package", "version"], [["hephaestus-prisma", "this checkout"], ...Object.entries(results.versions)]),
    candidates: measuredCandidates(results)
      .filter(({ description }) => description !== undefined)
      .map(({ title, description = "" }) => `- **${title}**: ${description}`)
      .join("\n"),
  });
}

function runText(results: Results): string {
  const { conditions, settings } = results;
  const measured = measuredCandidates(results);
  const newer = measured
    .filter(({ node = 0 }) => node > Number(conditions.node.split(".")[0]))
    .map(({ title, node }) => ` ${title} ran on Node ${node}.`);
  const absent = CANDIDATES.filter((candidate) => !measured.includes(candidate)).map(({ title }) => title);
  const ratios = CASES.flatMap((one) => resultOf(results, one, CONTROL)?.ratio ?? []);
  return [
    describeConditions(conditions) + newer.join(""),
    `${settings.rounds} rounds of ${settings.milliseconds} ms a candidate, after a warm-up of ${settings.warmUpMilliseconds} ms; a pool of ${settings.pool} connections; \`putMany\` stores ${PUT_MANY_ROWS} instances a call.`,
    ...(ratios.length === 0
      ? []
      : [
          `**A/A control:** the reference takes part twice. In relation to itself, it came to ${Math.min(...ratios).toFixed(2)} to ${Math.max(...ratios).toFixed(2)} over all cases, so smaller differences mean nothing.`,
        ]),
    ...(absent.length === 0 ? [] : [`Not measured in this run: ${absent.join(", ")}.`]),
  ].join("\n\n");
}

function operationChart(results: Results, operation: (typeof OPERATIONS)[number]): string {
  const concurrency = 10;
  const bars = CANDIDATES.filter(({ name }) => name !== CONTROL).flatMap(({ name }) => {
    const result = resultOf(results, smallCase(operation, concurrency), name);
    return result === undefined ? [] : [{ label: name, value: result.ratio }];
  });
  return barChart(`${operation} × ${concurrency}, 2 KB`, "speed in relation to raw pg, longer is faster", bars);
}

/** Speed in operations a second, and in relation to the reference. */
function operationTable(results: Results, operation: (typeof OPERATIONS)[number]): string {
  const cases = CONCURRENCIES.map((concurrency) => smallCase(operation, concurrency));
  return candidateTable(
    results,
    cases,
    ({ concurrency }) => `× ${concurrency}`,
    ["statements", "client CPU × 1", "× 10"],
    ([one, ten]) => [statements(one), cpu(one), cpu(ten)],
  );
}

function numbersTable(results: Results): string {
  const cases = OPERATIONS.map(longDoublesCase);
  return candidateTable(
    results,
    cases,
    ({ operation, concurrency }) => `${operation} × ${concurrency}`,
    cases.map(({ operation }) => `client CPU, ${operation}`),
    (found) => found.map(cpu),
  );
}

function largeTable(results: Results): string {
  const cases = LARGE_SIZES.flatMap((size) => [largeCase("put", size), largeCase("get", size)]);
  const put = cases.findIndex(({ operation, size }) => operation === "put" && size === "1 MB");
  return candidateTable(
    results,
    cases,
    ({ operation, size }) => `${operation} ${size}`,
    ["client CPU, put 1 MB"],
    (found) => [cpu(found[put])],
  );
}

type Found = readonly (Result | undefined)[];

/** A row for each candidate that was measured in some of the cases, with two columns for each case. */
function candidateTable(
  results: Results,
  cases: readonly Case[],
  titleOf: (one: Case) => string,
  moreTitles: readonly string[],
  more: (found: Found) => readonly string[],
): string {
  return table(
    ["", ...cases.flatMap((one) => [titleOf(one), "ratio"]), ...moreTitles, "peak RSS"],
    CANDIDATES.flatMap(({ name, title }) => {
      const found = cases.map((one) => resultOf(results, one, name));
      if (found.every((result) => result === undefined)) return [];
      const peak = Math.max(...found.map((result) => result?.peakRss ?? 0));
      return [[title, ...found.flatMap((result) => [perSecond(result), ratio(result)]), ...more(found), `${peak.toFixed(0)} MB`]];
    }),
  );
}

/** Batches in relation to the reference's single puts, without and with durable commits. */
function batchTable(results: Results): string {
  const many = ["hephaestus", "hephaestus-sql", "hephaestus-pg"].map((name) => ({ name, call: "`putMany`, a row", caseOf: putManyCase }));
  const puts = [10, 50].flatMap((concurrency) =>
    ["hephaestus-sql-coalesced", "hephaestus-pg-coalesced"].map((name) => ({
      name,
      call: `\`put\` × ${concurrency}`,
      caseOf: (durable: boolean) => smallCase("put", concurrency, durable),
    })),
  );
  return table(
    ["", "rows a second", "ratio", "durable", "ratio", "statements a row", "client CPU a row"],
    [...many, ...puts].map(({ name, call, caseOf }) => {
      const [result, durable] = [resultOf(results, caseOf(false), name), resultOf(results, caseOf(true), name)];
      const title = CANDIDATES.find((candidate) => candidate.name === name)?.title ?? name;
      return [
        `${call}: ${title}`,
        ...[perSecond(result), ratio(result), perSecond(durable), ratio(durable), statements(result), cpu(result)],
      ];
    }),
  );
}

function perSecond(result: Result | undefined): string {
  return result === undefined ? NONE : result.perSecond.toFixed(result.perSecond < 100 ? 1 : 0);
}

function ratio(result: Result | undefined): string {
  return result === undefined ? NONE : result.ratio.toFixed(2);
}

function statements(result: Result | undefined): string {
  return result === undefined ? NONE : Number(result.statements.toFixed(2)).toString();
}

function cpu(result: Result | undefined): string {
  return result === undefined ? NONE : `${result.cpu.toFixed(result.cpu < 1 ? 3 : 2)} ms`;
}
