import type { Contestant } from "./competitor.js";
import { COMPETITORS } from "./competitors/index.js";
import { PUT_MANY_ROWS, type Sample, type SizeName, type Slot } from "./slot.js";
import { createWorkload, SIZES, type Workload } from "./workload.js";

/** What the main process asks of a competitor's process; it answers each with one {@link Answer}. */
export type Order =
  | { readonly order: "setup"; readonly name: string; readonly url: string; readonly pool: number }
  | { readonly order: "seed"; readonly size: SizeName }
  | { readonly order: "run"; readonly slot: Slot }
  | { readonly order: "close" };

/** What a competitor can do beyond what all can. */
export interface Skills {
  readonly putsMany: boolean;
}

export type Answer = { readonly value: unknown } | { readonly error: string };

let contestant: Contestant | undefined;
const workloads = new Map<SizeName, Workload>();

process.on("message", (order: Order) => {
  obey(order).then(
    (value) => {
      process.send?.({ value } satisfies Answer);
      if (order.order === "close") process.disconnect();
    },
    (error: unknown) => process.send?.({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) } satisfies Answer),
  );
});

async function obey(order: Order): Promise<unknown> {
  switch (order.order) {
    case "setup": {
      const competitor = COMPETITORS.find(({ name }) => name === order.name);
      contestant = (await competitor?.setup({ url: order.url, pool: order.pool })) ?? undefined;
      return contestant === undefined ? null : ({ putsMany: contestant.putMany !== undefined } satisfies Skills);
    }
    case "seed":
      return seed(started(), order.size);
    case "run":
      return run(started(), order.slot);
    case "close":
      return contestant?.close();
  }
}

function started(): Contestant {
  if (contestant === undefined) throw new Error("not set up");
  return contestant;
}

/** Stores every id once, and makes sure that what is measured works. */
async function seed(to: Contestant, size: SizeName): Promise<void> {
  const workload = createWorkload(SIZES[size]);
  workloads.set(size, workload);
  for (const work of workload.all()) await to.put(work);
  const work = workload.next();
  await to.put(work);
  const found = JSON.stringify(await to.get(work.id)) ?? "";
  const marker = JSON.stringify(work.instance.runtimeMetadata.trace);
  if (!found.includes(marker.slice(1, -1)))
    throw new Error(`get gave back another state than the one that was put: ${found.slice(0, 500)}`);
  const listed = await to.list();
  if (listed.length !== SIZES["2 KB"].listed) throw new Error(`list gave ${listed.length} states instead of ${SIZES["2 KB"].listed}`);
}

/** As many operations as the slot has time for. */
async function run(by: Contestant, { operation, size, concurrency, milliseconds }: Slot): Promise<Sample> {
  const workload = workloads.get(size);
  if (workload === undefined) throw new Error(`not seeded: ${size}`);
  const perform = performer(by, operation, workload);
  const cpuBefore = process.cpuUsage();
  const start = performance.now();
  const deadline = start + milliseconds;
  let operations = 0;
  await Promise.all(
    Array.from({ length: concurrency }, async () => {
      do {
        const performed = await perform();
        operations += performed;
      } while (performance.now() < deadline);
    }),
  );
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    operations,
    perSecond: operations / seconds,
    cpu: (user + system) / 1000 / operations,
    peakRss: process.resourceUsage().maxRSS / 1024,
  };
}

function performer(by: Contestant, operation: Slot["operation"], workload: Workload): () => Promise<number> {
  switch (operation) {
    case "put":
      return async () => (await by.put(workload.next()), 1);
    case "get":
      return async () => (await by.get(workload.nextId()), 1);
    case "list":
      return async () => (await by.list(), 1);
    case "putMany":
      return async () => {
        const works = new Map(Array.from({ length: PUT_MANY_ROWS * 2 }, () => workload.next()).map((work) => [work.id, work]));
        const rows = [...works.values()].slice(0, PUT_MANY_ROWS);
        if (by.putMany) await by.putMany(rows);
        else for (const row of rows) await by.put(row);
        return rows.length;
      };
  }
}
