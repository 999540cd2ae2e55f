import { createPrismaStorage, type Instance, type QueryFilters, STATUSES } from "hephaestus-prisma";
import { anInstance } from "hephaestus-prisma/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { databaseOn, TABLE, ways } from "../storage-on.js";

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

const time = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 0, 0, second));

/** The filters to combine, and beside each what it means in SQL. */
interface Option {
  readonly filters: QueryFilters;
  readonly sql: string;
}

const OPTIONS: readonly (readonly Option[])[] = [
  [
    { filters: { id: "00::1" }, sql: "id = '00::1'" },
    { filters: { id: "nothing" }, sql: "false" },
  ],
  [
    { filters: { status: "running" }, sql: "status = 'running'" },
    { filters: { status: "failed" }, sql: "status = 'failed'" },
  ],
  [
    { filters: { statusIn: [] }, sql: "false" },
    { filters: { statusIn: ["waiting"] }, sql: "status = 'waiting'" },
    { filters: { statusIn: ["running", "waiting", "running"] }, sql: "status IN ('running', 'waiting')" },
  ],
  [
    { filters: { workflow: "Order.V1" }, sql: "workflow = 'Order.V1'" },
    { filters: { workflow: "Order" }, sql: "workflow = 'Order'" },
  ],
  [
    { filters: { workflowVersion: 1 }, sql: "workflow_version = 1" },
    { filters: { workflowVersion: 2 }, sql: "workflow_version = 2" },
  ],
  ["", "Order", "Pct%", "%", "_", "Order_", "Back\\", "\\", "order.", "Zoe"].map(family),
];

const MORE_OPTIONS: readonly (readonly Option[])[] = [
  [{ filters: { status: "running" }, sql: "status = 'running'" }],
  ["Or%", "Order"].map(family),
  [
    { filters: { workflowIn: [] }, sql: "false" },
    { filters: { workflowIn: ["Order.V1", "Order.V2", "Pct%Off"] }, sql: "workflow IN ('Order.V1', 'Order.V2', 'Pct%Off')" },
  ],
  [
    { filters: { workflowFamilyIn: [] }, sql: "false" },
    {
      filters: { workflowFamilyIn: ["Order.", "Pct%", "\\"] },
      sql: "starts_with(workflow, 'Order.') OR starts_with(workflow, 'Pct%') OR starts_with(workflow, '\\')",
    },
  ],
  [{ filters: { insertedBefore: time(30) }, sql: "inserted_at < '2026-01-01 00:00:30'" }],
  [{ filters: { insertedAfter: time(10) }, sql: "inserted_at > '2026-01-01 00:00:10'" }],
  [{ filters: { updatedBefore: time(130) }, sql: "updated_at < '2026-01-01 00:02:10'" }],
  [{ filters: { updatedAfter: time(110) }, sql: "updated_at > '2026-01-01 00:01:50'" }],
];

// Prisma has no verb for these.
const CONTAINMENT: readonly (readonly Option[])[] = [
  [
    {
      filters: { stateContains: { current_step: "payment", active_steps: ["notify"] } },
      sql: "state->>'current_step' = 'payment' AND state->'active_steps' ? 'notify'",
    },
    { filters: { stateContains: { current_step: "nothing" } }, sql: "state->>'current_step' = 'nothing'" },
  ],
  [
    {
      filters: { contextContains: { items: [{ sku: "A-1" }] } },
      sql: "jsonb_path_exists(state, '$.context.initial.items[*] ? (@.sku == \"A-1\")')",
    },
  ],
];

function family(prefix: string): Option {
  return { filters: { workflowFamily: prefix }, sql: `starts_with(workflow, '${prefix}')` };
}

/** The cross-product: without each list, and with each of its options. */
function combinations(lists: readonly (readonly Option[])[]): (readonly Option[])[] {
  let all: (readonly Option[])[] = [[]];
  for (const options of lists) all = all.flatMap((some) => [some, ...options.map((option) => [...some, option])]);
  return all;
}

/** Of these, those of at most two options, which find most: on PGlite, where the statements are PostgreSQL's. */
function combinationsOn(on: string, lists: readonly (readonly Option[])[]): (readonly Option[])[] {
  return combinations(lists).filter(({ length }) => on === "PostgreSQL" || length <= 2);
}

function filtersOf(options: readonly Option[]): QueryFilters {
  return Object.assign({}, ...options.map(({ filters }) => filters)) as QueryFilters;
}

describe.each(ways)("query by $way on $on", ({ way, on, prepare, options: by }) => {
  const database = databaseOn(prepare);
  const storage = createPrismaStorage(database.client, by);
  beforeAll(async () => {
    for (const instance of [...stored].reverse()) await storage.put(instance);
  });

  /** Returns the ids that a combination selects: those that each of its options selects in SQL. */
  async function oracle(lists: readonly (readonly Option[])[]): Promise<(options: readonly Option[]) => string[]> {
    const selected = new Map<Option, ReadonlySet<unknown>>();
    for (const option of lists.flat()) {
      const rows = await database.sql(`SELECT id FROM workflow_instances WHERE ${option.sql}`);
      selected.set(option, new Set(rows.map(({ id }) => id)));
    }
    return (options) => stored.map(({ id }) => id).filter((id) => options.every((option) => selected.get(option)?.has(id)));
  }

  const every = on === "PostgreSQL" ? "every combination" : "every two";

  it(`returns what matches all filters, for ${every} of them`, async () => {
    const all = combinationsOn(on, OPTIONS);
    const expected = await oracle(OPTIONS);
    let found = 0;
    for (const options of all) {
      const filters = filtersOf(options);
      const ids = (await storage.query(filters)).map(({ id }) => id);
      expect(ids, JSON.stringify(filters)).toEqual(expected(options));
      found += ids.length;
    }
    expect([all.length, found]).toEqual(on === "PostgreSQL" ? [3 * 3 * 4 * 3 * 3 * 11, 807] : [180, 564]);
  });

  it(`returns what matches all filters, with times and lists${way === "SQL" ? " and containment" : ""}, for ${every} of them`, async () => {
    await database.sql(
      "UPDATE workflow_instances SET inserted_at = timestamp '2026-01-01' + left(id, 2)::int * interval '4 s', updated_at = timestamp '2026-01-01 00:01:40' + left(id, 2)::int * interval '4 s'",
    );
    const lists = way === "SQL" ? [...MORE_OPTIONS, ...CONTAINMENT] : MORE_OPTIONS;
    const all = combinationsOn(on, lists).filter((_, n) => on === "PGlite" || way === "verbs" || n % 4 === 0 || n % 7 === 0);
    const expected = await oracle(lists);
    let found = 0;
    for (const options of all) {
      const filters = filtersOf(options);
      const ids = (await storage.query(filters)).map(({ id }) => id);
      expect(ids, JSON.stringify(filters)).toEqual(expected(options));
      expect(await storage.count(filters), JSON.stringify(filters)).toBe(ids.length);
      found += ids.length;
    }
    const counts = { PostgreSQL: { SQL: [1_851, 2_213], verbs: [864, 1_560] }, PGlite: { SQL: [102, 1_376], verbs: [64, 722] } };
    expect([all.length, found]).toEqual(counts[on as "PGlite"][way]);
  });

  it("counts for each value of a column, in one statement", async () => {
    const containing = { workflowFamily: "Order", contextContains: { items: [{ cents: 1999 }] } };
    for (const filters of [{ workflowFamily: "Order" }, ...(way === "SQL" ? [containing] : [])]) {
      for (const [column, name] of [
        ["status", "status"],
        ["workflow", "workflow"],
        ["workflowVersion", "workflow_version"],
      ] as const) {
        const rows = await database.sql(
          `SELECT ${name} AS value, count(*)::int AS n FROM workflow_instances WHERE starts_with(workflow, 'Order') GROUP BY ${name}`,
        );
        database.statements();
        expect(await storage.countBy(column, filters)).toEqual(new Map(rows.map(({ value, n }) => [value, n])));
        expect(database.statements()).toHaveLength(1);
      }
    }
    expect(await storage.countBy("status", { workflow: "nothing" })).toEqual(new Map());
    await expect(storage.countBy("id" as never)).rejects.toMatchObject({ code: "INVALID_OPTION", option: "by" });
  });

  it("needs a client with raw SQL to send SQL", async () => {
    const bare = createPrismaStorage({ workflowInstance: database.client.workflowInstance }, { table: TABLE });
    const rejection = { code: "INVALID_CLIENT", message: expect.stringContaining("raw SQL") as string };
    await expect(bare.query({ stateContains: {} })).rejects.toMatchObject(rejection);
    await expect(bare.put(anInstance())).rejects.toMatchObject(rejection);
  });

  it("is one statement", async () => {
    database.statements();
    await storage.query({ workflowFamily: "Order.", statusIn: ["running", "waiting"] });
    expect(database.statements().filter((sql) => sql.includes("ORDER BY"))).toHaveLength(1);
  });
});
