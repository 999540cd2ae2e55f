import { broken, type BrokenStorage } from "./broken-storage.js";

export const brokenCounts: readonly BrokenStorage[] = [
  broken(
    "counts without filters",
    [
      "containment: combines with pages, streams, lists, counts and prune",
      "count: returns how many match, for every filter and for none",
      "prune: deletes what matches and nothing else, and returns how many",
      "arguments: takes times of the years 1 and 9999",
    ],
    (storage) => ({
      async count(filters, options) {
        await storage.count(filters, options);
        return storage.count();
      },
    }),
  ),

  broken(
    "counts for each value, including absent ones",
    [
      "containment: combines with pages, streams, lists, counts and prune",
      "countBy: returns how many match for each status, and leaves out those with none",
      "countBy: returns how many match for each workflow, and leaves out those with none",
      "countBy: returns how many match for each workflowVersion, and leaves out those with none",
    ],
    (storage) => ({
      async countBy(column, filters, options) {
        const all = await storage.countBy(column);
        for (const value of all.keys()) all.set(value, 0);
        return new Map([...all, ...(await storage.countBy(column, filters, options))]);
      },
    }),
  ),

  broken(
    "prunes active instances",
    [
      'prune: rejects the filters {} with {"all":true}',
      'prune: rejects the filters {"workflowFamily":"Order."} with {}',
      'prune: rejects the filters {"updatedBefore":"9999-12-31T00:00:00.000Z"} with {"dryRun":true}',
      'prune: rejects the filters {"statusIn":["completed","waiting"]} with {}',
      'prune: rejects the filters {"status":"running"} with {"all":true}',
      'prune: rejects the filters {"stateContains":{}} with {"all":true}',
    ],
    (storage) => ({
      prune: (filters, options = {}) => storage.prune(filters, "includeActive" in options ? options : { ...options, includeActive: true }),
    }),
  ),

  broken(
    "prunes everything without a filter",
    ["prune: rejects the filters {} with {}", 'prune: rejects the filters {} with {"includeActive":true}'],
    (storage) => ({
      prune: (filters, options = {}) =>
        storage.prune(filters, "all" in options || Object.keys(filters ?? {}).length > 0 ? options : { ...options, all: true }),
    }),
  ),

  broken("prunes despite dryRun", ["prune: with dryRun returns how many, and deletes none"], (storage) => ({
    prune: (filters, options = {}) => storage.prune(filters, options.dryRun === true ? { ...options, dryRun: false } : options),
  })),

  broken(
    "prunes in one batch",
    ["prune: deletes in batches, and reports after each how many so far", "prune: stops between two batches at a signal, with its reason"],
    (storage) => ({
      prune: (filters, options = {}) => storage.prune(filters, Number(options.batchSize) > 0 ? { ...options, batchSize: 1_000 } : options),
    }),
  ),
];
