import assert from "node:assert/strict";
import { rejectsBadFilters } from "./invalid-arguments.js";
import { type Capabilities, type Cases, eachCase, filtersFor } from "./cases.js";
import { matchesSample, sampleFilters, samples } from "./filter-samples.js";
import type { CountColumn } from "../../storage/options.js";

const columns: readonly CountColumn[] = ["status", "workflow", "workflowVersion"];

export const countCases = (can: Capabilities): Cases => ({
  "returns how many match, for every filter and for none": async (storage) => {
    assert.equal(await storage.count(), 0);
    await storage.putMany(samples);
    assert.equal(await storage.count(), samples.length);
    for (const filters of [{}, ...filtersFor(can, sampleFilters)]) {
      const expected = samples.filter((instance) => matchesSample(instance, filters));
      assert.equal(await storage.count(filters), expected.length, JSON.stringify(filters));
    }
  },

  "rejects the filters that query rejects": (storage) => rejectsBadFilters((filters) => storage.count(filters)),
});

export const countByCases = (can: Capabilities): Cases => ({
  ...eachCase(
    columns,
    (column) => `returns how many match for each ${column}, and leaves out those with none`,
    async (storage, column) => {
      assert.deepEqual(await storage.countBy(column), new Map());
      await storage.putMany(samples);
      for (const filters of [{}, ...filtersFor(can, sampleFilters)]) {
        const expected = new Map<unknown, number>();
        for (const instance of samples)
          if (matchesSample(instance, filters)) expected.set(instance[column], (expected.get(instance[column]) ?? 0) + 1);
        assert.deepEqual(await storage.countBy(column, filters), expected, JSON.stringify(filters));
      }
    },
  ),

  "rejects the filters that query rejects": (storage) => rejectsBadFilters((filters) => storage.countBy("status", filters)),

  "rejects other columns": async (storage) => {
    for (const column of ["id", "state", "constructor", undefined])
      await assert.rejects(storage.countBy(column as never), { code: "INVALID_OPTION", option: "by" });
  },
});
