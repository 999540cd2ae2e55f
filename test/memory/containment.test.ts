import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contains } from "../../dist/memory/containment.js";
import { preparePostgresDatabase } from "../database.js";
import { databaseOn } from "../storage-on.js";

const PAIRS = 20_000;

// Few keys and few scalars, so that values often contain each other.
const json: fc.Arbitrary<unknown> = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom(null, true, false, 0, 1, 1.5, "1", "", "a"),
    fc.array(tie("any"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom("a", "b", "toString"), tie("any"), { maxKeys: 3, noNullPrototype: true }),
  ),
})).any;

describe("containment in memory", () => {
  const database = databaseOn(preparePostgresDatabase);

  it(`is PostgreSQL's @> (${PAIRS} pairs)`, async () => {
    const batch = 500;
    let found = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(json, json), { minLength: batch, maxLength: batch }), async (pairs) => {
        const rows = await database.sql(
          "SELECT (pair->0) @> (pair->1) AS contains FROM jsonb_array_elements($1) WITH ORDINALITY AS pairs(pair, n) ORDER BY n",
          [JSON.stringify(pairs)],
        );
        for (const [n, [value, pattern]] of pairs.entries()) {
          if (rows[n]?.contains === true) found++;
          expect([value, pattern, contains(value, pattern)]).toEqual([value, pattern, rows[n]?.contains]);
        }
      }),
      { numRuns: PAIRS / batch },
    );
    expect(found).toBeGreaterThan(PAIRS / 50);
    expect(found).toBeLessThan(PAIRS / 2);
  });
});
