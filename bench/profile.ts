import { Session, type Profiler } from "node:inspector/promises";
import { parseArgs } from "node:util";
import { startPostgres } from "../tools/postgres-server.js";
import { COMPETITORS } from "./competitors/index.js";
import { createDatabase } from "./create-database.js";
import { PUT_MANY_ROWS } from "./slot.js";
import { createWorkload, SIZES } from "./workload.js";

// Where the client's CPU goes: `npm run bench:profile -- --only hephaestus --operation put`
const { values: flags } = parseArgs({
  options: {
    only: { type: "string", default: "prisma-well,hephaestus" },
    operation: { type: "string", default: "put,get,list" },
    size: { type: "string", default: "2 KB" },
    concurrency: { type: "string", default: "1" },
    seconds: { type: "string", default: "3" },
    functions: { type: "string", default: "0" },
  },
});

const WARM_UP_SECONDS = 4;

const server = await startPostgres({ settings: { autovacuum: "off" } });
try {
  for (const name of flags.only.split(",")) await profile(name);
} finally {
  await server.stop();
}

async function profile(name: string): Promise<void> {
  const competitor = COMPETITORS.find((one) => one.name === name);
  const contestant = competitor && (await competitor.setup({ url: await createDatabase(server, competitor), pool: 10 }));
  if (!contestant) return console.log(`${name} is not there`);
  const workload = createWorkload(Object.values(SIZES).find((size) => size.name === flags.size) ?? SIZES["2 KB"]);
  for (const work of workload.all()) await contestant.put(work);
  const operations: Readonly<Record<string, () => Promise<unknown>>> = {
    put: () => contestant.put(workload.next()),
    get: () => contestant.get(workload.nextId()),
    list: () => contestant.list(),
    putMany: () => contestant.putMany?.(Array.from({ length: PUT_MANY_ROWS }, () => workload.next())) ?? Promise.resolve(),
  };
  for (const operation of flags.operation.split(",")) {
    const perform = operations[operation];
    if (perform === undefined) throw new Error(`no operation ${operation}`);
    await loop(perform, WARM_UP_SECONDS);
    const session = new Session();
    session.connect();
    await session.post("Profiler.enable");
    await session.post("Profiler.setSamplingInterval", { interval: 200 });
    await session.post("Profiler.start");
    const count = await loop(perform, Number(flags.seconds));
    const { profile } = await session.post("Profiler.stop");
    session.disconnect();
    console.log(`\n${name} ${operation} ${flags.size} × ${flags.concurrency}: microseconds of one of ${count} operations`);
    print(byOwner(profile), count);
    if (Number(flags.functions) > 0) print(byFunction(profile).slice(0, Number(flags.functions)), count);
  }
  await contestant.close();
}

async function loop(perform: () => Promise<unknown>, seconds: number): Promise<number> {
  const deadline = performance.now() + seconds * 1000;
  let count = 0;
  const turns = Array.from({ length: Number(flags.concurrency) }, async () => {
    while (performance.now() < deadline) {
      await perform();
      count++;
    }
  });
  await Promise.all(turns);
  return count;
}

type Shares = readonly (readonly [string, number])[];

function byOwner(profile: Profiler.Profile): Shares {
  return sum(profile, ({ callFrame: { functionName, url } }) => {
    if (functionName === "(garbage collector)") return "garbage collector";
    if (functionName === "(idle)") return "waiting for the server";
    if (url === "" || url.startsWith("node:")) return "Node itself";
    if (url.startsWith("wasm:") || url.includes("query_compiler")) return "Prisma: query compiler (WebAssembly)";
    if (url.includes("/@prisma/client/") || url.includes("/generated/")) return "Prisma: client runtime";
    if (url.includes("/@prisma/")) return "Prisma: driver adapter";
    if (url.includes("/node_modules/")) return /\/node_modules\/(?:pg|postgres)[^/]*\//.test(url) ? "pg" : "other packages";
    return url.includes("/dist/") ? "hephaestus-prisma" : "the benchmark";
  });
}

function byFunction(profile: Profiler.Profile): Shares {
  return sum(
    profile,
    ({ callFrame: { functionName, url, lineNumber, columnNumber } }) =>
      `${functionName} ${url.split("/").slice(-2).join("/")}:${lineNumber + 1}:${columnNumber + 1}`,
  );
}

function sum({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile, keyOf: (node: Profiler.ProfileNode) => string): Shares {
  const keys = new Map(nodes.map((node) => [node.id, keyOf(node)]));
  const sums = new Map<string, number>();
  samples.forEach((id, index) => {
    const key = keys.get(id) ?? "";
    sums.set(key, (sums.get(key) ?? 0) + (timeDeltas[index] ?? 0));
  });
  return [...sums].sort((a, b) => b[1] - a[1]);
}

function print(shares: Shares, count: number): void {
  for (const [name, microseconds] of shares) console.log(`${(microseconds / count).toFixed(1).padStart(10)}  ${name}`);
}
