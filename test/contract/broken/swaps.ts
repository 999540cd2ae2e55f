import type { Instance } from "hephaestus-prisma";
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
  "put with expected: of four writers that read and swap four times each, loses no update",
];

const COPIES = ["a spread copy", "a deep spread copy", "a structuredClone"].map((copy) => `put with expected: takes ${copy} as expected`);
const USED_TWICE = [...COPIES, "put with expected: takes what was put as expected, though it was never read"];

export const brokenSwaps: readonly BrokenStorage[] = [
  broken(
    "doesn't compare before it swaps",
    [
      "put with expected: conflicts if another writer has changed its status, and writes nothing",
      ...CHANGES_BUT_THE_STATUS,
      "put with expected: conflicts if another writer has deleted it, and writes nothing",
      "put with expected: conflicts if another writer has stored it anew with another version",
      "put with expected: conflicts with itself if an expected is used twice",
      ...USED_TWICE,
      "put with expected: conflicts if the expected was changed in place",
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
      "put with expected: conflicts if the expected was changed in place",
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

  broken("expects what it has read itself, and no copies", USED_TWICE, (storage) => {
    const read = new WeakSet();
    const remember = <Found>(found: Found): Found => {
      for (const one of [found].flat()) if (typeof one === "object" && one !== null) read.add(one);
      return found;
    };
    return {
      get: async (id, options) => remember(await storage.get(id, options)),
      query: async (filters, options) => remember(await storage.query(filters, options)),
      update: async (id, change, options) => remember(await storage.update(id, change, options)),
      stream(filters, options) {
        const found = storage.stream(filters, options);
        return (async function* () {
          for await (const one of found) yield remember(one);
        })();
      },
      async put(instance, options) {
        const expected = options?.expected;
        if (expected === undefined || read.has(expected)) return storage.put(instance, options);
        throw Object.assign(new Error("that was never read"), { code: "INVALID_OPTION", option: "expected" });
      },
    };
  }),

  broken(
    "expects what it has read, though that was changed in place",
    ["put with expected: conflicts if the expected was changed in place"],
    (storage) => {
      const snapshots = new WeakMap<Instance, Instance>();
      return {
        async get(id, options) {
          const found = await storage.get(id, options);
          if (found !== null) snapshots.set(found, structuredClone(found));
          return found;
        },
        put(instance, options) {
          const expected = options?.expected && snapshots.get(options.expected);
          return storage.put(instance, expected === undefined ? options : { ...options, expected });
        },
      };
    },
  ),

  broken("takes anything as expected, and stores", ["put with expected: rejects an expected that can't be an instance"], (storage) => ({
    async put(instance, options = {}) {
      const outcome = storage.put(instance, options);
      await outcome.catch(async (error: { option?: unknown }) => {
        if (error.option !== "expected" || options.expected === undefined) throw error;
        await storage.put(instance);
      });
    },
  })),

  broken(
    "swaps an instance for one with another id",
    ["put with expected: rejects putting an instance in the place of another"],
    (storage) => ({
      async put(instance, options = {}) {
        const expected = options?.expected;
        const isOther = expected !== undefined && instance?.id !== expected?.id;
        await storage.put(isOther ? { ...instance, id: expected.id } : instance, options);
      },
    }),
  ),

  broken("overwrites the version with a swap", ["put with expected: keeps the version"], (storage) => ({
    async put(instance, options = {}) {
      await storage.put(instance, options);
      if (options?.expected === undefined || instance.workflowVersion === options.expected.workflowVersion) return;
      await storage.delete(instance.id);
      await storage.insert(instance);
    },
  })),

  broken(
    "never swaps",
    [
      "put with expected: stores if the stored instance is still the expected one",
      "put with expected: takes what get, query, stream and update gave",
      "put with expected: conflicts with itself if an expected is used twice",
      ...USED_TWICE,
      ...LOST_WITHOUT_COMPARING,
      "isolation: keeps what it was given by put with expected, though the caller changes that afterwards",
    ],
    (storage) => ({
      async put(instance, options = {}) {
        if (options?.expected === undefined) return storage.put(instance, options);
        await storage.put(await storage.get(instance.id).then((stored) => stored ?? instance), options);
      },
    }),
  ),
];
