import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Arena, openArena } from "./arena.js";
import { CELLS } from "./cells.js";
import type { Competitor } from "./competitor.js";
import { COMPETITORS } from "./competitors/index.js";
import { installDependencies } from "./dependencies.js";
import { writeReport } from "./report.js";
import { type Result, Results } from "./result.js";
import { type Cell, cellName } from "./slot.js";

const { values: flags } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string" },
    cells: { type: "string" },
    json: { type: "string" },
    write: { type: "boolean" },
    rounds: { type: "string" },
    ms: { type: "string" },
  },
  allowNegative: true,
});
const rounds = Number(flags.rounds ?? (flags.quick ? 3 : 7));
const milliseconds = Number(flags.ms ?? (flags.quick ? 100 : 250));
const write = flags.write ?? !(flags.quick || flags.only !== undefined || flags.cells !== undefined);
// The first turn, which doesn't count: V8 compiles what has run some thousands of times, as in a service.
const warmUp = milliseconds * 10;
const POOL = 10;
const REFERENCE = "raw-named";

const wanted = flags.cells?.split(",");
const cells = CELLS.filter((cell) => wanted?.includes(cellName(cell).replaceAll(" ", "")) ?? (cell.size === "2 KB" || !flags.quick));
const competitors = COMPETITORS.filter(({ name }) => name === REFERENCE || (flags.only?.split(",").includes(name) ?? true));
installDependencies(competitors);

const started = performance.now();
const results = new Results(REFERENCE);
let postgres = "";
for (const durable of [false, true]) {
  const here = cells.filter((cell) => cell.durable === durable);
  if (here.length === 0) continue;
  const able = competitors.filter((competitor) => here.some((cell) => canDo(competitor, cell)));
  const arena = await openArena(able, { durable, pool: POOL });
  postgres = arena.postgres;
  try {
    for (const cell of here) await measure(cell, arena);
  } finally {
    await arena.close();
  }
}
console.log(`\n${((performance.now() - started) / 60_000).toFixed(1)} minutes`);
if (flags.json !== undefined) {
  const all = cells.flatMap((cell) => competitors.map(({ name }) => results.result(cell, name)));
  writeFileSync(flags.json, JSON.stringify(all, null, 2));
}
if (write) {
  for (const path of await writeReport(results, { rounds, milliseconds, warmUp, pool: POOL, postgres })) console.log(`wrote ${path}`);
}

/** Who says so is not measured in a cell; where commits are durable, only we and the reference are. */
function canDo({ name, measuredIn = () => true, package: of }: Competitor, cell: Cell): boolean {
  return measuredIn(cell) && (!cell.durable || name === REFERENCE || of === "hephaestus-prisma");
}

async function measure(cell: Cell, { runners, track }: Arena): Promise<void> {
  // Who can't put many in one call is not measured there; the reference puts them one by one.
  const many = cell.operation === "putMany";
  const contestants = runners.filter(
    ({ competitor, putsMany }) => canDo(competitor, cell) && (!many || putsMany || competitor.name === REFERENCE),
  );
  for (const runner of contestants) await runner.seed(cell.size);
  const writes = many || cell.operation === "put";
  for (let round = -1; round < rounds; round++)
    for (const runner of contestants) {
      if (writes || round < 0) await runner.vacuum();
      const warmsUp = round < 0;
      const sample = await runner.run({ ...cell, milliseconds: warmsUp ? warmUp : milliseconds });
      if (!warmsUp) results.add(cell, runner.competitor.name, sample);
    }
  await track("all");
  for (const runner of contestants) {
    results.addStatements(cell, runner.competitor.name, await runner.statements({ ...cell, milliseconds: 1 }));
  }
  await track("none");
  console.log(`\n${cellName(cell)}`);
  for (const { competitor } of contestants) {
    const result = results.result(cell, competitor.name);
    if (result) console.log(line(result));
  }
}

function line({ competitor, perSecond, ratio, cpu, peakRss, statements = NaN }: Result): string {
  const columns = [
    perSecond.toFixed(1),
    ratio.toFixed(2),
    `${cpu.toFixed(3)} ms`,
    `${statements.toFixed(2)} st`,
    `${peakRss.toFixed(0)} MB`,
  ];
  return competitor.padEnd(30) + columns.map((column) => column.padStart(12)).join("");
}
