import fc from "fast-check";
import { createInstance, createPrismaStorage, type OnUnreadable, type SchemaOptions, type InstanceStorage } from "hephaestus-prisma";
import { createPgStorage } from "hephaestus-prisma/pg";
import { beforeAll, describe, expect, it } from "vitest";
import { type PostgresDatabase, preparePostgresDatabase, type TestDatabase } from "../database.js";
import { databaseOn, storageOn, ways } from "../storage-on.js";

/** What a row can be, and the time that it was last stored. */
const KINDS = {
  fine: "2026-01-01 00:00:01",
  "fine, at the same time": "2026-01-01 00:00:00",
  "of an unknown status": "2026-01-01 00:00:02",
  "against the schema": "2026-01-01 00:00:00",
  "stored at infinity": "infinity",
  "stored at -infinity": "-infinity",
  "stored in a year BC": "0044-03-15 12:00:00 BC",
  "stored after the year 9999": "12345-01-01 00:00:00",
} as const;
type Kind = keyof typeof KINDS;

const kinds = fc.array(fc.constantFrom(...(Object.keys(KINDS) as Kind[])), { maxLength: 24 });
const isInstance = (kind: Kind): boolean => kind !== "of an unknown status" && kind !== "against the schema";
const isSummary = (kind: Kind): boolean => KINDS[kind].startsWith("2026") && kind !== "of an unknown status";

const fits = { validate: (value: unknown) => (Object.hasOwn(value as object, "bad") ? { issues: [{ message: "bad" }] } : {}) };

const OPTIONS: SchemaOptions = { schemas: { "Order.V2": { initial: { "~standard": { version: 1, ...fits } } } } };

const subjects = [
  ...ways.map(({ way, on, prepare, options }) => ({
    name: `of the Prisma storage by ${way} on ${on}`,
    prepare,
    create: (database: TestDatabase): InstanceStorage => createPrismaStorage(database.client, { ...OPTIONS, ...options }),
  })),
  {
    name: "of the pg storage",
    prepare: preparePostgresDatabase,
    create: (database: TestDatabase): InstanceStorage => createPgStorage((database as PostgresDatabase).pool, OPTIONS),
  },
];

describe.each(subjects)("pages $name, among rows that can't be read,", ({ prepare, create }) => {
  const database: TestDatabase = databaseOn(prepare);
  const storage = create(database);
  beforeAll(() => database.sql("ALTER TABLE workflow_instances DROP CONSTRAINT workflow_instances_status_check"));

  const store = async (rows: readonly Kind[]): Promise<string[]> => {
    await database.sql("DELETE FROM workflow_instances");
    const ids = rows.map((_, n) => `a${String(n).padStart(2, "0")}`);
    await database.sql(
      `INSERT INTO workflow_instances (id, workflow, status, state, inserted_at, updated_at)
       SELECT id, 'Order.V2', status, state, time, time FROM unnest($1::text[], $2::text[], $3::jsonb[], $4::timestamp[]) AS r(id, status, state, time)`,
      [
        ids,
        rows.map((kind) => (kind === "of an unknown status" ? "paused" : "failed")),
        rows.map((kind) => (kind === "against the schema" ? '{"context":{"initial":{"bad":true}}}' : "{}")),
        rows.map((kind) => KINDS[kind]),
      ],
    );
    return ids;
  };

  /** The sizes and ids of all pages, and the ids that were reported. */
  const walk = async (page: (onUnreadable: OnUnreadable, after: string | undefined) => Promise<[string[], string | undefined]>) => {
    const pages: string[][] = [];
    const reported: string[] = [];
    for (let after: string | undefined; ;) {
      const [ids, next] = await page(({ id }) => reported.push(id), after);
      pages.push(ids);
      if (next === undefined) break;
      after = next;
      expect(pages.length).toBeLessThan(50);
    }
    return { pages, reported: reported.sort() };
  };

  const expectFull = (pages: readonly string[][], limit: number): void =>
    expect(pages.slice(0, -1).map(({ length }) => length)).toEqual(pages.slice(1).map(() => limit));

  it("of query are full as long as more rows match, and report each row that can't be read once", async () => {
    await fc.assert(
      fc.asyncProperty(kinds, fc.integer({ min: 1, max: 5 }), async (rows, limit) => {
        const ids = await store(rows);
        const { pages, reported } = await walk(async (onUnreadable, after) => {
          const page = (await storage.query({}, { limit, onUnreadable, ...(after !== undefined && { after }) })).map(({ id }) => id);
          expect(
            (await storage.query({}, { limit, onUnreadable: "skip", ...(after !== undefined && { after }) })).map(({ id }) => id),
          ).toEqual(page);
          return [page, page.length < limit ? undefined : page.at(-1)];
        });
        expect(pages.flat()).toEqual(ids.filter((_, n) => isInstance(rows[n] ?? "fine")));
        expect(reported).toEqual(ids.filter((_, n) => !isInstance(rows[n] ?? "fine")));
      }),
      { numRuns: 10 },
    );
  });

  it("of list are full as long as more rows match, in every order, and report each row that can't be read once", async () => {
    const columns = { id: "id", insertedAt: "inserted_at", updatedAt: "updated_at" } as const;
    await fc.assert(
      fc.asyncProperty(
        kinds,
        fc.integer({ min: 1, max: 5 }),
        fc.constantFrom("id", "insertedAt", "updatedAt"),
        fc.constantFrom("asc", "desc"),
        async (rows, limit, orderBy, direction) => {
          const ids = await store(rows);
          const ordered = await database.sql(
            `SELECT id FROM workflow_instances ORDER BY ${columns[orderBy]} ${direction}, id ${direction}`,
          );
          const readable = ids.filter((_, n) => isSummary(rows[n] ?? "fine"));
          const options = { limit, orderBy, direction };
          const { pages, reported } = await walk(async (onUnreadable, cursor) => {
            const how = { ...options, cursor };
            const { items, nextCursor } = await storage.list({}, { ...how, onUnreadable });
            const skipped = await storage.list({}, { ...how, onUnreadable: "skip" });
            expect(skipped.items).toEqual(items);
            return [items.map(({ id }) => id), nextCursor ?? undefined];
          });
          expectFull(pages, limit);
          expect(pages.flat()).toEqual(ordered.map(({ id }) => id).filter((id) => readable.includes(String(id))));
          expect(reported).toEqual(ids.filter((id) => !readable.includes(id)));
        },
      ),
      { numRuns: 15 },
    );
  });

  it.each(["stored at infinity", "stored at -infinity", "stored in a year BC", "stored after the year 9999"] as const)(
    "of list throw at a row %s, with the column",
    async (kind) => {
      await store(["fine", kind, "fine"]);
      const corrupt = { code: "CORRUPT_INSTANCE", id: "a01", message: expect.stringContaining("of the years 1 to 9999") as string };
      for (const direction of ["asc", "desc"] as const)
        for (const orderBy of ["id", "updatedAt"] as const)
          await expect(storage.list({}, { orderBy, direction })).rejects.toMatchObject({ ...corrupt, path: "inserted_at" });
      await database.sql("UPDATE workflow_instances SET inserted_at = '2026-01-01'");
      await expect(storage.list()).rejects.toMatchObject({ ...corrupt, path: "updated_at" });
    },
  );
});

describe.each(ways.filter(({ on }) => on === "PostgreSQL"))("a full page of rows that can be read by $way", ({ prepare, options: by }) => {
  const { database, storage } = storageOn(prepare, by);

  it("is one statement, whatever is done about others", async () => {
    await storage.putMany(["a", "b", "c"].map((id) => createInstance({ id, workflow: "Order.V2" })));
    const options = { limit: 2, onUnreadable: "skip" } as const;
    for (const read of [() => storage.query({}, options), () => storage.list({}, options)]) {
      database.statements();
      await read();
      expect(database.statements()).toHaveLength(1);
    }
  });
});
