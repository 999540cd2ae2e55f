import assert from "node:assert/strict";
import type { Instance } from "../../instance/instance.js";
import { anInstance, idsUpTo, instancesOf } from "../an-instance.js";
import { type Capabilities, type Cases, eachCase, filtersFor } from "./cases.js";
import { idsOf } from "./reading.js";
import type { QueryFilters } from "../../storage/filters.js";
import type { OrderColumn } from "../../storage/options.js";

/** What finds every second of `numbered`, with a plain filter and with what looks into the state. */
export const everySecond: readonly QueryFilters[] = [
  { status: "waiting" },
  { contextContains: { even: true } },
  { contextContains: { even: true }, statusIn: ["waiting", "failed"], workflowFamily: "Order." },
];

/** Instances of which every second is waiting, and says so in its context. */
export const numbered: readonly Instance[] = idsUpTo(25).map((id, n) =>
  anInstance({ id, status: n % 2 === 0 ? "waiting" : "failed", context: { initial: { n, even: n % 2 === 0 }, steps: {} } }),
);

const orderColumns: readonly OrderColumn[] = ["id", "insertedAt", "updatedAt"];

export const pageCases = (can: Capabilities): Cases => ({
  ...eachCase(
    filtersFor(can, everySecond),
    (filters) => `follow each other after the last id, with ${JSON.stringify(filters)}`,
    async (storage, filters) => {
      await storage.putMany(numbered);
      const pages: Instance[][] = [await storage.query(filters, { limit: 5 })];
      for (let last = pages[0]?.at(-1); last !== undefined && pages.length < 9; last = pages.at(-1)?.at(-1))
        pages.push(await storage.query(filters, { limit: 5, after: last.id }));
      assert.deepEqual(
        pages.map(({ length }) => length),
        [5, 5, 3, 0],
      );
      const expected = numbered.filter(({ status }) => status === "waiting");
      assert.deepEqual(pages.flat(), expected);
    },
  ),

  "begin after ids that aren't stored": async (storage) => {
    await storage.putMany(numbered);
    assert.deepEqual(idsOf(await storage.query({}, { limit: 2, after: "a07x" })), ["a08", "a09"]);
    assert.deepEqual(await storage.query({}, { after: "zzz" }), []);
    assert.equal((await storage.query({}, { after: "" })).length, 25);
  },

  "return no instance twice and miss none, while others are deleted and inserted": async (storage) => {
    const ids = idsUpTo(12);
    await storage.putMany(instancesOf(ids));
    const seen: string[] = [];
    for (let after = ""; ; after = seen.at(-1) ?? "") {
      const page = idsOf(await storage.query({}, { limit: 3, after }));
      if (page.length === 0) break;
      seen.push(...page);
      assert.ok(seen.length <= 13, `seen are ${seen.join()}`);
      // After the reader has passed, some go and some come; before it, one that comes will be seen.
      for (const id of page.slice(-2)) await storage.delete(id);
      await storage.put(anInstance({ id: `a00x${seen.length}` }));
      if (after === "") await storage.put(anInstance({ id: "a99" }));
    }
    assert.deepEqual(seen, [...ids, "a99"]);
  },

  ...eachCase(
    orderColumns,
    (orderBy) => `reject the cursor of a list by ${orderBy} as after, and so does stream`,
    async (storage, orderBy) => {
      await storage.putMany(instancesOf(idsUpTo(2)));
      const { nextCursor: after } = await storage.list({}, { limit: 1, orderBy });
      assert.ok(after !== null);
      const rejected = { code: "INVALID_OPTION", option: "after", message: /give that to list, as its cursor$/ };
      await assert.rejects(storage.query({}, { after }), rejected);
      assert.throws(() => storage.stream({}, { after }), rejected);
    },
  ),

  "reject options that are unknown or impossible": async (storage) => {
    await storage.put(anInstance());
    const bad: readonly object[] = [
      ...[0, -1, 1.5, "5", Infinity, undefined].map((limit) => ({ limit })),
      ...[undefined, 7, "\0"].map((after) => ({ after })),
      ...["ignore", undefined].map((onUnreadable) => ({ onUnreadable })),
      { offset: 1 },
    ];
    for (const options of bad)
      await assert.rejects(
        storage.query({}, options),
        { code: "INVALID_OPTION", option: Object.keys(options)[0] },
        JSON.stringify(options),
      );
  },
});
