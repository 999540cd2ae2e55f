import { createPrismaStorage, type Instance, type QueryFilters } from "hephaestus-prisma";
import { anInstance } from "hephaestus-prisma/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { preparePostgresDatabase } from "../database.js";
import { databaseOn, storageOn, TABLE, ways } from "../storage-on.js";

const numbered = (count: number): Instance[] =>
  Array.from({ length: count }, (_, n) =>
    anInstance({
      id: `order::${String(n).padStart(4, "0")}`,
      status: n % 2 === 0 ? "waiting" : "failed",
      context: { initial: { n, even: n % 2 === 0 }, steps: {} },
    }),
  );

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe.each(ways)("pages by $way on $on", ({ way, prepare, options }) => {
  const database = databaseOn(prepare);
  const storage = createPrismaStorage(database.client, options);
  beforeAll(async () => {
    await storage.putMany(numbered(25));
  });

  const containment: [string, QueryFilters][] = [
    ["containment", { contextContains: { even: true } }],
    ["both", { contextContains: { even: true }, statusIn: ["waiting", "failed"], workflowFamily: "Order." }],
  ];
  const selections: [string, QueryFilters][] = [["a plain filter", { status: "waiting" }], ...(way === "SQL" ? containment : [])];
  const even = numbered(25).filter((_, n) => n % 2 === 0);

  it.each(selections)("of stream are read one after the other, with %s", async (_, filters) => {
    database.statements();
    expect(await collect(storage.stream(filters, { batchSize: 4 }))).toStrictEqual(even);
    expect(database.statements().filter((sql) => /"?state"?/.test(sql) && sql.includes("ORDER BY")).length).toBe(4);
  });

  it("of stream are read on demand, one batch at a time", async () => {
    database.statements();
    const stream = storage.stream({}, { batchSize: 10 });
    expect(database.statements()).toEqual([]);
    await stream.next();
    expect(database.statements().filter((sql) => sql.includes("ORDER BY"))).toHaveLength(1);
    await stream.return();
    expect(await stream.next()).toEqual({ done: true, value: undefined });
    expect(database.statements()).toEqual([]);
  });

  it("reject invalid options and filters at once", async () => {
    database.statements();
    expect(() => storage.stream({ status: "paused" as never })).toThrow(expect.objectContaining({ code: "INVALID_FILTER" }));
    expect(() => storage.stream({}, { batchSize: 0 })).toThrow(expect.objectContaining({ code: "INVALID_OPTION", option: "batchSize" }));
    for (const limit of [0, -1, 1.5, "5", undefined])
      await expect(storage.query({}, { limit: limit as never })).rejects.toMatchObject({ option: "limit" });
    for (const after of [undefined, 7, "\0"])
      await expect(storage.query({}, { after: after as never })).rejects.toMatchObject({ option: "after" });
    expect(database.statements()).toEqual([]);
  });

  it.each(selections)("of list follow each other after their cursors, in every order, with %s", async (_, filters) => {
    await database.sql(
      "UPDATE workflow_instances SET updated_at = timestamp '2026-01-01' + (ascii(right(id, 1)) % 3) * interval '1 ms', inserted_at = timestamp '2026-01-01' + right(id, 4)::int * interval '1 s'",
    );
    const column = { id: "id", updatedAt: "updated_at", insertedAt: "inserted_at" };
    for (const orderBy of ["id", "updatedAt", "insertedAt"] as const)
      for (const direction of ["asc", "desc"] as const) {
        const expected = await database.sql(
          `SELECT id FROM workflow_instances WHERE status = 'waiting' ORDER BY ${column[orderBy]} ${direction}, id ${direction}`,
        );
        const ids: string[] = [];
        let cursor: string | null = null;
        let pages = 0;
        do {
          const page = await storage.list(filters, { orderBy, direction, limit: 4, cursor });
          ids.push(...page.items.map(({ id }) => id));
          cursor = page.nextCursor;
          pages++;
        } while (cursor !== null);
        expect(ids).toEqual(expected.map(({ id }) => id));
        expect(pages).toBe(4);
      }
  });

  it("of list contain every column but the state, which is never read", async () => {
    database.statements();
    const { items, nextCursor } = await storage.list({ id: "order::0003" });
    const statements = database.statements();
    expect(statements).toHaveLength(1);
    expect(statements[0]).not.toMatch(/\bstate\b/);
    const [row] = await database.sql("SELECT inserted_at::text, updated_at::text FROM workflow_instances WHERE id = 'order::0003'");
    expect(items).toStrictEqual([
      {
        id: "order::0003",
        workflow: "Order.V2",
        workflowVersion: 2,
        status: "failed",
        insertedAt: new Date(`${String(row?.inserted_at)}Z`),
        updatedAt: new Date(`${String(row?.updated_at)}Z`),
      },
    ]);
    expect(nextCursor).toBeNull();
  });

  it("of list reject anything that is not a cursor, and cursors of another order", async () => {
    const { nextCursor } = await storage.list({}, { limit: 1, orderBy: "updatedAt" });
    const cursor = nextCursor ?? "";
    database.statements();
    const rejection = { code: "INVALID_OPTION", option: "cursor" };
    for (const bad of [
      "",
      "x",
      "bnVsbA",
      cursor.slice(2),
      Buffer.from('["updatedAt","desc",1e99,"a"]').toString("base64url"),
      Buffer.from('["updatedAt","desc",0]').toString("base64url"),
    ])
      await expect(storage.list({}, { cursor: bad }), bad).rejects.toMatchObject(rejection);
    await expect(storage.list({}, { cursor, orderBy: "id" })).rejects.toMatchObject(rejection);
    await expect(storage.list({}, { cursor, direction: "asc" })).rejects.toMatchObject(rejection);
    for (const page of [() => storage.query({}, { after: cursor }), () => collect(storage.stream({}, { after: cursor }))])
      await expect((async () => page())()).rejects.toMatchObject({ code: "INVALID_OPTION", option: "after" });
    expect(database.statements()).toEqual([]);
  });

  it("handle corrupt rows as the option says", async () => {
    await database.sql("ALTER TABLE workflow_instances DROP CONSTRAINT workflow_instances_status_check");
    await database.sql("INSERT INTO workflow_instances (id, workflow, status, state) VALUES ('order::0009x', 'W', 'paused', '[]')");
    const ids = (found: readonly { id: string }[]): string[] => found.map(({ id }) => id);
    await expect(collect(storage.stream({}, { batchSize: 3 }))).rejects.toMatchObject({ code: "CORRUPT_INSTANCE", id: "order::0009x" });
    await expect(storage.list()).rejects.toMatchObject({ code: "CORRUPT_INSTANCE", path: "status" });
    const reported: string[] = [];
    expect(ids(await collect(storage.stream({}, { batchSize: 1, onUnreadable: ({ id }) => reported.push(id) })))).toEqual(
      ids(numbered(25)),
    );
    expect((await storage.list({}, { onUnreadable: "skip" })).items).toHaveLength(25);
    expect(reported).toEqual(["order::0009x"]);
    await storage.delete("order::0009x");
  });
});

describe.each([
  { way: "Prisma's verbs", options: {} },
  { way: "SQL", options: { table: TABLE } },
])("a stream by $way, while others write and delete", ({ options }) => {
  const { storage } = storageOn(preparePostgresDatabase, options);

  it("returns no instance twice, and misses none that exists throughout", async () => {
    await storage.putMany(numbered(600));
    const seen: string[] = [];
    let writing = true;
    const writer = async (worker: number): Promise<void> => {
      for (let n = 0; writing; n++) {
        const id = `order::${String((n * 7 + worker * 13) % 600).padStart(4, "0")}`;
        if (n % 3 === 0) await storage.put(anInstance({ id: `${id}x${n}`, status: "running" })); // comes
        else if (n % 3 === 1 && id.endsWith("7")) await storage.delete(id); // goes
        else if (!id.endsWith("7")) await storage.put(anInstance({ id, status: "completed" })); // changes
      }
    };
    const writers = [0, 1, 2].map(writer);
    for await (const { id } of storage.stream({}, { batchSize: 20 })) seen.push(id);
    writing = false;
    await Promise.all(writers);
    expect(new Set(seen).size).toBe(seen.length);
    const missed = numbered(600).filter(({ id }) => !id.endsWith("7") && !seen.includes(id));
    expect(missed).toEqual([]);
  });
});
