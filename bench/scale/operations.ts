import type { InstanceStorage } from "../../dist/index.js";
import { GROUP_SIZE, groupOf, idOf, instanceOf, LARGE_FAMILY, SMALL_FAMILY } from "./data.js";

/** A call that is measured. */
export interface Operation {
  readonly name: string;
  /** Whether it must take as long on a large table as on a small one. */
  readonly flat: boolean;
  run(storage: InstanceStorage): Promise<unknown>;
}

const PAGE = 100;
const LIST = 50;

/** The calls that are measured on a table of a size, each time at a random place. */
export async function operationsOn(storage: InstanceStorage, rows: number, random: () => number): Promise<readonly Operation[]> {
  const any = (): number => Math.floor(random() * rows);
  const anyId = (): string => idOf(any());
  let attempt = 0;
  const deep = await cursors(storage, {});
  const deepFailed = await cursors(storage, { status: "failed" });
  const oneOf = (all: readonly string[]): { cursor?: string } => {
    const cursor = all[Math.floor(random() * all.length)];
    return cursor === undefined ? {} : { cursor };
  };
  const done = ["completed", "failed"] as const;
  const half = await timeOf(storage, Math.floor(rows / 2));
  const hundredth = await timeOf(storage, Math.floor(rows / 100));

  return [
    { name: "get", flat: true, run: (on) => on.get(anyId()) },
    {
      name: "put",
      flat: true,
      run: (on) => on.put(instanceOf(any(), ++attempt)),
    },
    { name: `page of ${PAGE}`, flat: true, run: (on) => on.query({}, { limit: PAGE, after: anyId() }) },
    { name: `page of ${PAGE}, status 15 %`, flat: true, run: (on) => on.query({ status: "waiting" }, { limit: PAGE, after: anyId() }) },
    {
      name: `page of ${PAGE}, family 40 %`,
      flat: true,
      run: (on) => on.query({ workflowFamily: LARGE_FAMILY }, { limit: PAGE, after: anyId() }),
    },
    {
      name: `page of ${PAGE}, family 1 %`,
      flat: false,
      run: (on) => on.query({ workflowFamily: SMALL_FAMILY }, { limit: PAGE, after: anyId() }),
    },
    {
      name: `containment, ${GROUP_SIZE} match`,
      flat: true,
      run: (on) => on.query({ contextContains: { group: groupOf(any()) } }, { limit: PAGE }),
    },
    {
      name: `page of ${PAGE}, containment 10 %`,
      flat: false,
      run: (on) => on.query({ contextContains: { customer: { country: "DE" } } }, { limit: PAGE, after: anyId() }),
    },
    { name: `list of ${LIST}`, flat: true, run: (on) => on.list({}, { limit: LIST }) },
    { name: `list of ${LIST}, deep`, flat: true, run: (on) => on.list({}, { limit: LIST, ...oneOf(deep) }) },
    { name: `list of ${LIST}, status 5 %`, flat: true, run: (on) => on.list({ status: "failed" }, { limit: LIST }) },
    {
      name: `list of ${LIST}, status 5 %, deep`,
      flat: true,
      run: (on) => on.list({ status: "failed" }, { limit: LIST, ...oneOf(deepFailed) }),
    },
    { name: `list of ${LIST}, status 0.1 %`, flat: false, run: (on) => on.list({ status: "pending" }, { limit: LIST }) },
    { name: "count", flat: false, run: (on) => on.count() },
    { name: "count, status 5 %", flat: false, run: (on) => on.count({ status: "failed" }) },
    { name: "countBy status", flat: false, run: (on) => on.countBy("status") },
    { name: "prune, dry run of 37 %", flat: false, run: (on) => on.prune({ statusIn: done, updatedBefore: half }, { dryRun: true }) },
    { name: "prune, dry run of 1 %", flat: false, run: (on) => on.prune({ statusIn: done, updatedBefore: hundredth }, { dryRun: true }) },
  ];
}

/** Cursors at many depths, spread evenly over the time in which the instances were stored. */
async function cursors(storage: InstanceStorage, filters: { status?: "failed" }): Promise<readonly string[]> {
  const [first] = (await storage.list(filters, { orderBy: "insertedAt", direction: "asc", limit: 1 })).items;
  const [last] = (await storage.list(filters, { orderBy: "insertedAt", direction: "desc", limit: 1 })).items;
  if (first === undefined || last === undefined) return [];
  const [from, to] = [first.insertedAt.getTime(), last.insertedAt.getTime()];
  const found: string[] = [];
  for (let place = 1; place < 40; place++) {
    const updatedBefore = new Date(from + ((to - from) * place) / 40);
    const { nextCursor } = await storage.list({ ...filters, updatedBefore }, { limit: 1 });
    if (nextCursor !== null) found.push(nextCursor);
  }
  return found;
}

/** When the n-th instance was first stored. */
async function timeOf(storage: InstanceStorage, n: number): Promise<Date> {
  const [instance] = (await storage.list({ id: idOf(n) }, { limit: 1 })).items;
  return instance?.insertedAt ?? new Date();
}
