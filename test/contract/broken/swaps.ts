import { broken, type BrokenStorage } from "./broken-storage.js";

const CHANGES_BUT_THE_STATUS = [
  "put with expected: conflicts if another writer has changed its workflow, and writes nothing",
  "put with expected: conflicts if another writer has changed its step, and writes nothing",
  "put with expected: conflicts if another writer has changed its context, and writes nothing",
  "put with expected: conflicts if another writer has changed an active step, and writes nothing",
  "put with expected: conflicts if another writer has changed its history, and writes nothing",
  "put with expected: conflicts if another writer has changed a rich value in it, and writes nothing",
];

const LOST_WITHOUT_COMPARING = [
  "put with expected: compares rich values and large integers by what they are",
  "put with expected: of ten at once on what was read, lets one through",
  "put with expected: of five writers that read and swap eight times each, loses no update",
];

export const brokenSwaps: readonly BrokenStorage[] = [
  broken(
    "doesn't compare before it swaps",
    [
      "put with expected: conflicts if another writer has changed its status, and writes nothing",
      ...CHANGES_BUT_THE_STATUS,
      "put with expected: conflicts if another writer has deleted it, and writes nothing",
      "put with expected: conflicts if another writer has stored it anew with another version",
      "put with expected: conflicts with itself if an expected is used twice",
      ...LOST_WITHOUT_COMPARING,
    ],
    (storage) => ({
      async put(instance, options = {}) {
        const outcome = storage.put(instance, options);
        await outcome.catch(async (error: { code?: unknown }) => {
          if (error.code !== "CONFLICT") throw error;
          await storage.put(instance);
        });
      },
    }),
  ),

  broken(
    "compares only the status",
    [
      ...CHANGES_BUT_THE_STATUS,
      "put with expected: conflicts if another writer has stored it anew with another version",
      ...LOST_WITHOUT_COMPARING,
    ],
    (storage) => ({
      async put(instance, options = {}) {
        const outcome = storage.put(instance, options);
        await outcome.catch(async (error: { code?: unknown }) => {
          const stored = error.code === "CONFLICT" ? await storage.get(instance.id) : null;
          if (stored === null || stored.status !== options.expected?.status) throw error;
          await storage.put(instance);
        });
      },
    }),
  ),

  broken(
    "accepts a copy of what was read",
    ["put with expected: rejects an expected that is a copy, or that was never read"],
    (storage) => ({
      async put(instance, options = {}) {
        const outcome = storage.put(instance, options);
        await outcome.catch(async (error: { option?: unknown }) => {
          if (error.option !== "expected" || options.expected === undefined) throw error;
          await storage.put(instance);
        });
      },
    }),
  ),
];
