import { Session, type Profiler } from "node:inspector/promises";
import { parseArgs } from "node:util";
import { startPostgres } from "../tools/postgres-server.js";
import { CANDIDATES } from "./candidates/index.js";
import type { Case } from "./case.js";
import { createDatabase } from "./database.js";
import { chooseByName, positiveInteger } from "./flags.js";
import { performerOf } from "./performer.js";
import { createWorkload, SIZES } from "./workload.js";

// Where the client's CPU goes: `npm run bench:profile -- --only hephaestus --operation put`
const { values: flags } = parseArgs({
  options: {
    only: { type: "string", default: "bare-prisma,hephaestus" },
    operation: { type: "string", default: "put,get,list" },
    size: { type: "string", default: "2 KB" },
    concurrency: { type: "string", default: "1" },
    seconds: { type: "string", default: "3" },
    functions: { type: "string", default: "0" },
  },
});
const WARM_UP_SECONDS = 4;
const PROFILED: readonly Case["operation"][] = ["put", "get", "list", "putMany"];

const candidates = chooseByName("--only", flags.only, CANDIDATES, ({ name }) => name);
const operations = chooseByName("--operation", flags.operation, PROFILED, (name) => name);
const sizes = chooseByName("--size", flags.size, Object.values(SIZES), ({ name }) => name);
const concurrency = positiveInteger("--concurrency", flags.concurrency);
const seconds = positiveInteger("--seconds", flags.seconds);
const functions = positiveInteger("--functions", flags.functions, 0);

const server = await startPostgres({ settings: { autovacuum: "off" } });
try {
  for (const candidate of candidates) {
    const connected = await candidate.connect({ url: await createDatabase(server, candidate.name), pool: 10 });
    for (const size of sizes) {
      const workload = createWorkload(size);
      for (const entry of workload.all()) await connected.put(entry);
      for (const operation of operations)
        await profile(`${candidate.name} ${operation} ${size.name}`, performerOf(connected, operation, workload));
    }
    await connected.close();
  }
} finally {
  await server.stop();
}

async function profile(title: string, perform: () => Promise<number>): Promise<void> {
  await loop(perform, WARM_UP_SECONDS);
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", { interval: 200 });
  await session.post("Profiler.start");
  const count = await loop(perform, seconds);
  const { profile } = await session.post("Profiler.stop");
  session.disconnect();
  console.log(`\n${title} × ${concurrency}: microseconds of one of ${count} operations`);
  print(byOwner(profile), count);
  if (functions > 0) print(byFunction(profile).slice(0, functions), count);
}

/** Performs an operation for some time, and returns how often. */
async function loop(perform: () => Promise<number>, forSeconds: number): Promise<number> {
  const deadline = performance.now() + forSeconds * 1000;
  let count = 0;
  const callers = Array.from({ length: concurrency }, async () => {
    while (performance.now() < deadline) {
      const performed = await perform();
      count += performed;
    }
  });
  await Promise.all(callers);
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
