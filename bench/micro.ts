import { createInstance, type Instance } from "../dist/index.js";
import { fromRow, toRow } from "../dist/state/mapping.js";
import { median } from "./statistics.js";
import { randomSource } from "./random.js";
import { createSample, SIZES, toState } from "./workload.js";

// The cost of the mapping in relation to JSON.stringify and JSON.parse of the same state. No test depends on it.
const BUDGET = { write: 2, read: 1.5 };
const ROUNDS = 15;
const MILLISECONDS = 40;

const plain = Object.values(SIZES).map((size) => ({
  name: `plain ${size.name}`,
  instance: createSample(size, 1, randomSource(1)),
  budget: true,
}));
const rich: Instance = {
  ...createInstance({ id: "rich", workflow: "Order.V2" }),
  context: {
    initial: { at: new Date(0), lines: new Map([["a", { cents: 12n, tags: new Set(["x", "y"]) }]]), missing: undefined, ratio: NaN },
    steps: Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`step${index}`, { at: new Date(index), note: "unchanged" }])),
  },
};

console.log("state                 write µs   stringify µs   ratio      read µs   parse µs   ratio");
for (const { name, instance, budget } of [...plain, { name: "rich 2 KB", instance: rich, budget: false }]) {
  const row = toRow(instance, "error");
  const state: unknown = budget ? toState(instance) : JSON.parse(row.stateText);
  const [write, stringify] = compare(
    () => toRow(instance, "error"),
    () => JSON.stringify(state),
  );
  const [load, parse] = compare(
    () => fromRow(row, "error"),
    () => JSON.parse(row.stateText),
  );
  const over =
    budget && (write / stringify > BUDGET.write || load / parse > BUDGET.read)
      ? `  over the budget of ${BUDGET.write} and ${BUDGET.read}`
      : "";
  const columns = [
    write.toFixed(2),
    stringify.toFixed(2),
    (write / stringify).toFixed(2),
    load.toFixed(2),
    parse.toFixed(2),
    (load / parse).toFixed(2),
  ];
  console.log(name.padEnd(18) + columns.map((column) => column.padStart(11)).join("") + over);
}

/** Microseconds of both, measured alternately: medians over the rounds. */
function compare(ours: () => unknown, reference: () => unknown): [number, number] {
  const times: [number[], number[]] = [[], []];
  for (let round = -3; round < ROUNDS; round++) {
    const pair = [measure(ours), measure(reference)] as const;
    if (round >= 0) pair.forEach((time, index) => times[index]?.push(time));
  }
  return [median(times[0]), median(times[1])];
}

function measure(perform: () => unknown): number {
  const start = performance.now();
  let count = 0;
  do {
    perform();
    count++;
  } while (performance.now() - start < MILLISECONDS);
  return ((performance.now() - start) * 1000) / count;
}
