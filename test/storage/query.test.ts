import { createPrismaStorage, type Instance, type QueryFilters, STATUSES } from "hephaestus-prisma";
import { beforeAll, describe, expect, it } from "vitest";
import { databases } from "../database.js";
import { anInstance } from "../instances.js";
import { databaseOn } from "../storage-on.js";

const WORKFLOWS = [
  "Order.V1",
  "Order.V2",
  "order.V1",
  "Order",
  "Pct%Off",
  "PctXOff",
  "Order_Special",
  "OrderXSpecial",
  "Back\\slash",
  "Backslash",
  "Zoë",
  "Zoe\u0308",
];

const stored: Instance[] = WORKFLOWS.flatMap((workflow, w) =>
  STATUSES.map((status, s) => anInstance({ id: `${String(w).padStart(2, "0")}::${s}`, workflow, workflowVersion: (w % 3) + 1, status })),
);

/** What the filters mean, said a second time and without a database. */
function matches(instance: Instance, filters: QueryFilters): boolean {
  return (
    (filters.id === undefined || instance.id === filters.id) &&
    (filters.status === undefined || instance.status === filters.status) &&
    (filters.statusIn === undefined || filters.statusIn.includes(instance.status)) &&
    (filters.workflow === undefined || instance.workflow === filters.workflow) &&
    (filters.workflowVersion === undefined || instance.workflowVersion === filters.workflowVersion) &&
    (filters.workflowFamily === undefined || instance.workflow.startsWith(filters.workflowFamily))
  );
}

/** Times and containment likewise; every instance holds the same state, and times of its id's. */
function matchesMore({ id, workflow }: Instance, filters: QueryFilters): boolean {
  const inserted = time(Number(id.slice(0, 2)) * 4);
  const updated = time(100 + Number(id.slice(0, 2)) * 4);
  return (
    (filters.workflowIn?.includes(workflow) ?? true) &&
    (filters.workflowFamilyIn?.some((prefix) => workflow.startsWith(prefix)) ?? true) &&
    (filters.insertedBefore === undefined || inserted < filters.insertedBefore) &&
    (filters.insertedAfter === undefined || inserted > filters.insertedAfter) &&
    (filters.updatedBefore === undefined || updated < filters.updatedBefore) &&
    (filters.updatedAfter === undefined || updated > filters.updatedAfter) &&
    filters.stateContains?.current_step !== "nothing"
  );
}

const time = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, second));

type Options<Names extends keyof QueryFilters> = { [name in Names]: readonly Required<QueryFilters>[name][] };

const OPTIONS: Options<"id" | "status" | "statusIn" | "workflow" | "workflowVersion" | "workflowFamily"> = {
  id: ["00::1", "nothing"],
  status: ["running", "failed"],
  statusIn: [[], ["waiting"], ["running", "waiting", "running"]],
  workflow: ["Order.V1", "Order"],
  workflowVersion: [1, 2],
  workflowFamily: ["", "Order", "Pct%", "%", "_", "Order_", "Back\\", "\\", "order.", "Zoe"],
};

// With containment, the statement is SQL of our own; without it, Prisma's.
const MORE_OPTIONS: Options<Exclude<keyof QueryFilters, keyof typeof OPTIONS> | "status" | "workflowFamily"> = {
  status: ["running"],
  workflowFamily: ["Or%", "Order"],
  workflowIn: [[], ["Order.V1", "Order.V2", "Pct%Off"]],
  workflowFamilyIn: [[], ["Order.", "Pct%", "\\"]],
  insertedBefore: [time(30)],
  insertedAfter: [time(10)],
  updatedBefore: [time(130)],
  updatedAfter: [time(110)],
  stateContains: [{ current_step: "payment", active_steps: ["notify"] }, { current_step: "nothing" }],
  contextContains: [{ items: [{ sku: "A-1" }] }],
};

/** The cross-product of filters: each left out, and with each of its options. */
function combinations(options: object): QueryFilters[] {
  let all: QueryFilters[] = [{}];
  for (const [name, values] of Object.entries(options) as [string, readonly unknown[]][])
    all = all.flatMap((some) => [some, ...values.map((value) => ({ ...some, [name]: value }))]);
  return all;
}

describe.each(databases)("query on $on", ({ prepare }) => {
  const database = databaseOn(prepare);
  const storage = createPrismaStorage(database.client);
  beforeAll(async () => {
    for (const instance of [...stored].reverse()) await storage.put(instance);
  });

  it("answers what matches all filters, for every combination of them", async () => {
    const all = combinations(OPTIONS);
    expect(all).toHaveLength(3 * 3 * 4 * 3 * 3 * 11);
    let found = 0;
    for (const filters of all) {
      const ids = (await storage.query(filters)).map(({ id }) => id);
      const expected = stored.filter((instance) => matches(instance, filters)).map(({ id }) => id);
      expect(ids, JSON.stringify(filters)).toEqual(expected);
      found += ids.length;
    }
    expect(found).toBe(807);
  });

  it("answers what matches all filters, with times, lists and containment", async () => {
    await database.sql(
      "UPDATE workflow_instances SET inserted_at = timestamp '2026-01-01' + left(id, 2)::int * interval '4 s', updated_at = timestamp '2026-01-01 00:01:40' + left(id, 2)::int * interval '4 s'",
    );
    const all = combinations(MORE_OPTIONS).filter((_, n) => n % 4 === 0 || n % 7 === 0);
    let found = 0;
    for (const filters of all) {
      const expected = stored.filter((instance) => matches(instance, filters) && matchesMore(instance, filters)).map(({ id }) => id);
      const ids = (await storage.query(filters)).map(({ id }) => id);
      expect(ids, JSON.stringify(filters)).toEqual(expected);
      expect(await storage.count(filters), JSON.stringify(filters)).toBe(expected.length);
      found += ids.length;
    }
    expect(all).toHaveLength(1_851);
    expect(found).toBe(2_213);
  });

  it("counts for each value of a column, in one statement", async () => {
    for (const filters of [{ workflowFamily: "Order" }, { workflowFamily: "Order", contextContains: { items: [{ cents: 1999 }] } }]) {
      const matching = stored.filter((instance) => matches(instance, { workflowFamily: "Order" }));
      for (const column of ["status", "workflow", "workflowVersion"] as const) {
        const expected = new Map<unknown, number>();
        for (const instance of matching) expected.set(instance[column], (expected.get(instance[column]) ?? 0) + 1);
        database.statements();
        expect(await storage.countBy(column, filters)).toEqual(expected);
        expect(database.statements()).toHaveLength(1);
      }
    }
    expect(await storage.countBy("status", { workflow: "nothing" })).toEqual(new Map());
    await expect(storage.countBy("id" as never)).rejects.toMatchObject({ code: "INVALID_OPTION", option: "column" });
  });

  it("can't look into the state with a client without raw SQL", async () => {
    const bare = createPrismaStorage({ workflowInstance: database.client.workflowInstance });
    const refused = { code: "INVALID_CLIENT", message: expect.stringContaining("raw SQL") as string };
    await expect(bare.query({ stateContains: {} })).rejects.toMatchObject(refused);
    await expect(bare.count({ contextContains: {} })).rejects.toMatchObject(refused);
  });

  it("is one statement", async () => {
    database.statements();
    await storage.query({ workflowFamily: "Order.", statusIn: ["running", "waiting"] });
    expect(database.statements()).toHaveLength(1);
  });
});
