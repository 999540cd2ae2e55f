import assert from "node:assert/strict";
import { createInstance, STATUSES } from "../../instance/instance.js";
import type { PruneOptions } from "../../storage/options.js";
import type { InstanceStorage } from "../../storage/storage.js";
import { anInstance } from "../an-instance.js";
import { rejectsBadFilters } from "./invalid-arguments.js";
import { type Capabilities, type Cases, eachCase, filtersFor } from "./cases.js";
import { tick } from "./clock.js";
import { idsOf } from "./reading.js";
import type { QueryFilters } from "../../storage/filters.js";

/** Stores four instances of each status, the first half of them of the family "Order." */
async function store(storage: InstanceStorage): Promise<void> {
  await storage.putMany(
    STATUSES.flatMap((status) =>
      Array.from({ length: 4 }, (_, n) => ({
        ...createInstance({ id: `${status}${n}`, workflow: n < 2 ? "Order.V1" : "Invoice" }),
        status,
      })),
    ),
  );
}

const done: QueryFilters = { statusIn: ["completed", "failed"] };

/** What would delete more than it seems to, and the filter that is missing. */
const rejected: readonly (readonly [filters: QueryFilters, options: PruneOptions, filter: string])[] = [
  [{}, {}, ""],
  [{}, { includeActive: true }, ""],
  ...[
    ...[{ workflowFamily: "" }, { workflowFamilyIn: ["Order.", ""] }, { statusIn: STATUSES }],
    ...[{ stateContains: {} }, { contextContains: {} }, { stateContains: { context: { initial: {} }, active_steps: [] } }],
    { workflowFamily: "", workflowFamilyIn: [""], stateContains: {}, contextContains: {}, statusIn: STATUSES },
  ].map((filters): [QueryFilters, PruneOptions, string] => [filters, { includeActive: true }, ""]),
  [{}, { all: true }, "statusIn"],
  [{ workflowFamily: "Order." }, {}, "statusIn"],
  [{ updatedBefore: new Date("9999-12-31") }, { dryRun: true }, "statusIn"],
  [{ statusIn: ["completed", "waiting"] }, {}, "statusIn"],
  [{ status: "running" }, { all: true }, "status"],
  [{ stateContains: {} }, { all: true }, "statusIn"],
];

export const pruneCases = (can: Capabilities): Cases => ({
  "deletes what matches and nothing else, and returns how many": async (storage) => {
    await store(storage);
    assert.equal(await storage.prune({ ...done, workflowFamily: "Order." }), 4);
    assert.equal(await storage.count({ ...done, workflowFamily: "Order." }), 0);
    assert.equal(await storage.count(), 16);
    assert.equal(await storage.prune({ ...done, workflowFamily: "Order." }), 0);
    assert.equal(await storage.prune({ status: "failed" }), 2);
    assert.deepEqual(idsOf(await storage.query(done)), ["completed2", "completed3"]);
  },

  "takes the time of the last put": async (storage) => {
    await storage.put(anInstance({ id: "old", status: "failed" }));
    await storage.put(anInstance({ id: "renewed", status: "failed" }));
    await tick();
    await storage.put(anInstance({ id: "renewed", status: "failed" }));
    const [renewed] = (await storage.list({ id: "renewed" })).items;
    assert.ok(renewed !== undefined);
    assert.equal(await storage.prune({ ...done, updatedBefore: renewed.updatedAt }), 1);
    assert.deepEqual(idsOf(await storage.query()), ["renewed"]);
  },

  "deletes in batches, and reports after each how many so far": async (storage) => {
    await store(storage);
    const progress: number[] = [];
    assert.equal(await storage.prune(done, { batchSize: 3, onProgress: (pruned) => progress.push(pruned) }), 8);
    assert.deepEqual(progress, [3, 6, 8]);
    assert.equal(await storage.prune(done, { onProgress: (pruned) => progress.push(pruned) }), 0);
    assert.deepEqual(progress, [3, 6, 8]);
  },

  "with dryRun returns how many, and deletes none": async (storage) => {
    await store(storage);
    assert.equal(await storage.prune(done, { dryRun: true, batchSize: 3 }), 8);
    assert.equal(await storage.count(), 20);
  },

  "stops between two batches at a signal, with its reason": async (storage) => {
    await store(storage);
    const controller = new AbortController();
    const reason = new Error("shutting down");
    const pruned = storage.prune(done, { batchSize: 3, signal: controller.signal, onProgress: () => controller.abort(reason) });
    await assert.rejects(pruned, (error) => error === reason);
    assert.equal(await storage.count(), 17);
  },

  "deletes what may still run, and everything, if the options say so": async (storage) => {
    await store(storage);
    assert.equal(await storage.prune({ status: "running" }, { includeActive: true }), 4);
    assert.equal(await storage.prune({ workflowFamily: "Order." }, { includeActive: true }), 8);
    assert.equal(await storage.prune({}, { includeActive: true, all: true }), 8);
    assert.equal(await storage.count(), 0);
  },

  "looks at what all filters select together": async (storage) => {
    await store(storage);
    assert.equal(await storage.prune({ status: "running", statusIn: ["completed", "failed"] }), 0);
    const contains = can.containment && { stateContains: {} };
    assert.equal(await storage.prune({ statusIn: ["completed", "running"], status: "completed", ...contains }), 4);
    assert.equal(await storage.count(), 16);
  },

  ...eachCase(
    rejected.filter(([filters]) => filtersFor(can, [filters]).length > 0),
    ([filters, options]) => `rejects the filters ${JSON.stringify(filters)} with ${JSON.stringify(options)}`,
    async (storage, [filters, options, filter]) => {
      await store(storage);
      await assert.rejects(storage.prune(filters, options), { code: "INVALID_FILTER", filter });
      assert.equal(await storage.count(), 20);
    },
  ),

  "rejects the filters that query rejects": (storage) =>
    rejectsBadFilters((filters) => storage.prune(filters, { all: true, includeActive: true })),

  "rejects options that are unknown or impossible": async (storage) => {
    await store(storage);
    const bad: readonly object[] = [
      ...[{ batchSize: 0 }, { batchSize: undefined }, { dryRun: 1 }, { dry: true }, { signal: {} }],
      ...[{ onProgress: true }, { includeActive: "yes" }, { all: 1 }],
    ];
    for (const options of bad)
      await assert.rejects(
        storage.prune(done, options),
        { code: "INVALID_OPTION", option: Object.keys(options)[0] },
        JSON.stringify(options),
      );
    assert.equal(await storage.count(), 20);
  },
});
