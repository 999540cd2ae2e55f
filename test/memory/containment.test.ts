import fc from "fast-check";
import { createInstance, type JsonLikeObject } from "hephaestus-prisma";
import { createMemoryStorage } from "hephaestus-prisma/memory";
import { describe, expect, it } from "vitest";
import { preparePostgresDatabase } from "../database.js";
import { databaseOn } from "../storage-on.js";

const RUNS = 100;
const VALUES = 100;
const PATTERNS = 20;
const PAIRS = RUNS * VALUES * PATTERNS;

// Few keys and few scalars, so that values often contain each other.
const object: fc.Arbitrary<JsonLikeObject> = fc
  .letrec<{ any: unknown }>((tie) => ({
    any: fc.oneof(
      { maxDepth: 3, withCrossShrink: true },
      fc.constantFrom(null, true, false, 0, 1, 1.5, "1", "", "a"),
      fc.array(tie("any"), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom("a", "b", "toString"), tie("any"), { maxKeys: 3, noNullPrototype: true }),
    ),
  }))
  .any.map((value) => ({ value }));

const many = (length: number): fc.Arbitrary<JsonLikeObject[]> => fc.array(object, { minLength: length, maxLength: length });

describe("containment in memory", () => {
  const database = databaseOn(preparePostgresDatabase);

  it(`finds what PostgreSQL's @> finds (${PAIRS} pairs)`, async () => {
    let found = 0;
    await fc.assert(
      fc.asyncProperty(many(VALUES), many(PATTERNS), async (values, patterns) => {
        const storage = createMemoryStorage();
        await storage.putMany(values.map((initial, n) => createInstance({ id: String(n), workflow: "Order.V1", initial })));
        const rows = await database.sql(
          `SELECT ARRAY(
             SELECT (n - 1)::text FROM jsonb_array_elements($1) WITH ORDINALITY AS stored(value, n)
             WHERE value @> pattern ORDER BY (n - 1)::text COLLATE "C"
           ) AS ids
           FROM jsonb_array_elements($2) WITH ORDINALITY AS patterns(pattern, m) ORDER BY m`,
          [JSON.stringify(values), JSON.stringify(patterns)],
        );
        for (const [m, contextContains] of patterns.entries()) {
          const ids = (await storage.query({ contextContains })).map(({ id }) => id);
          expect(ids, JSON.stringify(contextContains)).toEqual(rows[m]?.ids);
          found += ids.length;
        }
      }),
      { numRuns: RUNS },
    );
    expect(found).toBeGreaterThan(PAIRS / 50);
    expect(found).toBeLessThan(PAIRS / 2);
  });
});
