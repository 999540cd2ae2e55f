import type { Operations } from "./candidate.js";
import { CANDIDATES } from "./candidates/index.js";
import { type Case, OPERATIONS } from "./case.js";
import { performerOf } from "./performer.js";
import type { Measurement } from "./results.js";
import { createWorkload, LISTED_IDS, type SizeName, SIZES, type Workload } from "./workload.js";

/** What the main process asks a worker for; each request gets one {@link Response}. */
export type Request =
  | { readonly request: "connect"; readonly candidate: string; readonly url: string; readonly pool: number }
  | { readonly request: "seed"; readonly size: SizeName }
  | { readonly request: "run"; readonly case: Case; readonly milliseconds: number }
  | { readonly request: "close" };

export type Response = { readonly value: unknown } | { readonly error: string };

let connected: Operations | undefined;
const workloads = new Map<SizeName, Workload>();

process.on("message", (request: Request) => {
  respond(request).then(
    (value) => {
      process.send?.({ value } satisfies Response);
      if (request.request === "close") process.disconnect();
    },
    (error: unknown) =>
      process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) } satisfies Response),
  );
});

async function respond(request: Request): Promise<unknown> {
  switch (request.request) {
    case "connect": {
      const candidate = CANDIDATES.find(({ name }) => name === request.candidate);
      if (candidate === undefined) throw new Error("it is not in bench/candidates/index.ts");
      const operations = (connected = await candidate.connect({ url: request.url, pool: request.pool }));
      return [...OPERATIONS, "putMany" as const].filter((name) => operations[name] !== undefined);
    }
    case "seed":
      return seed(operationsOf(), request.size);
    case "run":
      return run(operationsOf(), request.case, request.milliseconds);
    case "close":
      return connected?.close();
  }
}

function operationsOf(): Operations {
  if (connected === undefined) throw new Error("it is not connected yet");
  return connected;
}

/** Stores every id once, and checks that the candidate stores and lists what it is given. */
async function seed(operations: Operations, size: SizeName): Promise<void> {
  const workload = createWorkload(SIZES[size]);
  workloads.set(size, workload);
  for (const entry of workload.all()) await operations.put(entry);
  const entry = workload.next();
  await operations.put(entry);
  const found = JSON.stringify(await operations.get(entry.id)) ?? "";
  const marker = JSON.stringify(entry.instance.runtimeMetadata.trace);
  if (!found.includes(marker.slice(1, -1))) throw new Error(`get did not return the state that was put, but ${found.slice(0, 500)}`);
  const listed = await operations.list();
  if (SIZES[size].listed > 0 && listed.length !== LISTED_IDS)
    throw new Error(`list returned ${listed.length} states, expected ${LISTED_IDS}`);
}

/** Runs as many operations as there is time for. */
async function run(operations: Operations, { operation, size, concurrency }: Case, milliseconds: number): Promise<Measurement> {
  const workload = workloads.get(size);
  if (workload === undefined) throw new Error(`states of ${size} are not seeded yet`);
  const perform = performerOf(operations, operation, workload);
  const cpuBefore = process.cpuUsage();
  const start = performance.now();
  const deadline = start + milliseconds;
  let performed = 0;
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      do {
        const count = await perform();
        performed += count;
      } while (performance.now() < deadline);
    }),
  );
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    operations: performed,
    perSecond: performed / seconds,
    cpu: (user + system) / 1000 / performed,
    peakRss: process.resourceUsage().maxRSS / 1024,
  };
}
