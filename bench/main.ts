import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { runBenchmark } from "./benchmark.js";
import { CANDIDATES, REFERENCE } from "./candidates/index.js";
import { CASES, caseName } from "./case.js";
import { currentConditions } from "./conditions.js";
import { findVersion, installDependencies } from "./dependencies.js";
import { chooseByName, positiveInteger } from "./flags.js";
import { writeReport } from "./report.js";
import type { Results, Settings } from "./results.js";

// Compares the candidates: `npm run bench -- --only bare-prisma,hephaestus --cases put-2KB-x1,get-2KB-x1`
const { values: flags } = parseArgs({
  options: {
    only: { type: "string" },
    cases: { type: "string" },
    quick: { type: "boolean", default: false },
    rounds: { type: "string" },
    ms: { type: "string" },
    json: { type: "string" },
    from: { type: "string" },
    write: { type: "boolean" },
  },
  allowNegative: true,
});

if (flags.from !== undefined) {
  await writeReport(JSON.parse(readFileSync(flags.from, "utf8")) as Results);
} else {
  const results = await measure();
  if (flags.json !== undefined) writeFileSync(flags.json, JSON.stringify(results, null, 2));
  // Part of a run, or a short one, replaces no figures unless it is asked to.
  const whole = !flags.quick && [flags.only, flags.cases, flags.rounds, flags.ms].every((flag) => flag === undefined);
  if (flags.write ?? whole) await writeReport(results);
}

async function measure(): Promise<Results> {
  const milliseconds = positiveInteger("--ms", flags.ms ?? (flags.quick ? "100" : "250"));
  const settings: Settings = {
    rounds: positiveInteger("--rounds", flags.rounds ?? (flags.quick ? "3" : "7")),
    milliseconds,
    warmUpMilliseconds: milliseconds * 10,
    pool: 10,
  };
  const chosen = chooseByName("--only", flags.only, CANDIDATES, ({ name }) => name);
  const candidates = CANDIDATES.filter((candidate) => candidate.name === REFERENCE || chosen.includes(candidate));
  const cases = chooseByName("--cases", flags.cases, CASES, caseName).filter(({ size }) => !flags.quick || size === "2 KB");
  installDependencies(candidates);
  const conditions = currentConditions("bench");
  const start = performance.now();
  const { postgres, measurements } = await runBenchmark(candidates, cases, settings);
  console.log(`\n${((performance.now() - start) / 60_000).toFixed(1)} minutes`);
  const packages = new Set(["pg", "@prisma/client", "@prisma/adapter-pg", ...candidates.flatMap(({ package: name }) => name ?? [])]);
  packages.delete("hephaestus-prisma");
  const versions = Object.fromEntries([...packages].map((name) => [name, findVersion(name)]));
  return { conditions: { ...conditions, postgres }, settings, versions, measurements };
}
