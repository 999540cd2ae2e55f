import { createPrismaStorage, type Instance, type QueryFilters, STATUSES, type Storage } from "hephaestus-prisma";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { databases, type TestDatabase } from "../database.js";
import { anInstance } from "../instances.js";

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

const OPTIONS: { [name in keyof QueryFilters]-?: readonly Required<QueryFilters>[name][] } = {
  id: ["00::1", "nothing"],
  status: ["running", "failed"],
  statusIn: [[], ["waiting"], ["running", "waiting", "running"]],
  workflow: ["Order.V1", "Order"],
  workflowVersion: [1, 2],
  workflowFamily: ["", "Order", "Pct%", "%", "_", "Order_", "Back\\", "\\", "order.", "Zoe"],
};

/** The cross-product of all filters: each left out, and with each of its options. */
function combinations(): QueryFilters[] {
  let all: QueryFilters[] = [{}];
  for (const [name, options] of Object.entries(OPTIONS))
    all = all.flatMap((some) => [some, ...options.map((option) => ({ ...some, [name]: option }))]);
  return all;
}

describe.each(databases)("query on $on", ({ create }) => {
  let database: TestDatabase;
  let storage: Storage;
  beforeAll(async () => {
    database = await create();
    storage = createPrismaStorage(database.client);
    for (const instance of [...stored].reverse()) await storage.put(instance);
  });
  afterAll(() => database.close());

  it("answers everything, in the order of the ids, for {} and for nothing", async () => {
    expect(await storage.query()).toStrictEqual(stored);
    expect(await storage.query({})).toStrictEqual(stored);
    expect(await storage.query(undefined)).toStrictEqual(stored);
  });

  it("answers what matches all filters, for every combination of them", async () => {
    const all = combinations();
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

  it("is one statement", async () => {
    database.statements();
    await storage.query({ workflowFamily: "Order.", statusIn: ["running", "waiting"] });
    expect(database.statements()).toHaveLength(1);
  });

  it("takes SQL in a filter for text", async () => {
    expect(await storage.query({ workflow: "'; DROP TABLE workflow_instances; --" })).toEqual([]);
    expect(await storage.query({ workflowFamily: "' OR 1=1 --" })).toEqual([]);
    expect(await storage.query()).toHaveLength(stored.length);
  });
});
