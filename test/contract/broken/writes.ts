import { broken, type BrokenStorage } from "./broken-storage.js";
import { like } from "./like.js";

export const brokenWrites: readonly BrokenStorage[] = [
  broken(
    "returns undefined if nothing is stored",
    [
      "get: returns null if nothing is stored",
      "put: rejects options that are unknown or undefined, and stores nothing",
      "put with expected: conflicts if another writer has deleted it, and writes nothing",
      "update: misses an id that isn't stored, before the change and after it",
      "delete: deletes the instance with this id, and no other",
    ],
    (storage) => ({
      get: async (id, options) => (await storage.get(id, options)) ?? (undefined as never),
    }),
  ),

  broken("accepts any id in get", ["get: rejects an id that no instance can have"], (storage) => ({
    get: (id, options = {}) => ("signal" in options ? storage.get(id, options) : storage.get(id).catch(() => null)),
  })),

  broken("ignores the case of ids", ["get: distinguishes ids that differ in case, in spaces or in their Unicode form only"], (storage) => ({
    async get(id, options) {
      await storage.get(id, options);
      return (await storage.query()).find((one) => one.id.toLowerCase() === id.toLowerCase()) ?? null;
    },
  })),

  broken("overwrites the version", ["put: keeps the version of the first put"], (storage) => ({
    async put(instance, options = {}) {
      await storage.put(instance, options);
      const stored = await storage.get(instance.id);
      if (stored === null || stored.workflowVersion === instance.workflowVersion || "expected" in options) return;
      await storage.delete(stored.id);
      await storage.insert({ ...stored, workflowVersion: instance.workflowVersion });
    },
  })),

  broken(
    "forgets when an instance was first stored",
    [
      "query: finds by the times of the first and the last put, and not at them",
      "list: returns rows in the order of insertedAt asc, also page by page",
      "list: returns rows in the order of insertedAt desc, also page by page",
    ],
    (storage) => ({
      async put(instance, options = {}) {
        await storage.put(instance, options);
        const stored = await storage.get(instance.id);
        if (stored === null || "expected" in options) return;
        await storage.delete(stored.id);
        await storage.insert(stored).catch(() => {});
      },
    }),
  ),

  broken(
    "never changes the workflow",
    [
      "put: stores in place of the one with its id, every field",
      "put with expected: conflicts if another writer has changed its workflow, and writes nothing",
    ],
    (storage) => ({
      async put(instance, options = {}) {
        const before = storage.query();
        await storage.put(instance, options);
        const workflow = (await before).find(({ id }) => id === instance.id)?.workflow;
        const stored = await storage.get(instance.id);
        if (stored !== null && workflow !== undefined && !("expected" in options)) await storage.put({ ...stored, workflow });
      },
    }),
  ),

  broken(
    "insert overwrites",
    ["insert: rejects a taken id, and leaves what is stored", "insert: of 20 at once for one id lets one through, and keeps that one"],
    (storage) => ({ insert: (instance, options) => storage.put(instance, options) }),
  ),

  broken("insert looks first, and then writes", ["insert: of 20 at once for one id lets one through, and keeps that one"], (storage) => ({
    async insert(instance, options) {
      const free = (await storage.query()).every(({ id }) => id !== (instance as typeof instance | null)?.id);
      await (free ? storage.put(instance, options) : storage.insert(instance, options));
    },
  })),

  broken(
    "update loses updates",
    [
      "update: begins again if another writer was faster, with what that one stored",
      "update: of four writers, five times each, loses none",
      "update: conflicts after its attempts",
    ],
    (storage) => ({
      async update(id, change, options) {
        const current = await storage.update(id, (unchanged) => unchanged, options);
        const next = await change(current);
        return next === current ? current : storage.update(id, () => next, options);
      },
    }),
  ),

  broken("update never gives up", ["update: conflicts after its attempts"], (storage) => ({
    update(id, change, options = {}) {
      return storage.update(id, change, { ...options, ...(options.attempts === 3 && { attempts: 4 }) });
    },
  })),

  broken(
    "stores in putMany what comes before a rejected instance",
    ["rejections: rejects a list with holes or properties, and anything that is not a list", "putMany: stores none if one is rejected"],
    (storage) => ({
      async putMany(many, options) {
        for (const instance of many) await storage.put(instance, options);
      },
    }),
  ),

  broken(
    "putMany keeps the first of an id",
    [
      "rejections: rejects a list with holes or properties, and anything that is not a list",
      "rejections: rejects an instance that can't be read, and stores nothing",
      "putMany: of instances with one id stores the last, with the first one's version",
    ],
    (storage) => ({
      putMany: (many, options) =>
        storage.putMany(
          many.filter((instance, n) => many.findIndex((one) => one?.id === instance?.id) === n),
          options,
        ),
    }),
  ),

  broken(
    "putMany stores a thousand and no more",
    [
      "rejections: rejects a list with holes or properties, and anything that is not a list",
      "putMany: stores more than a thousand at once",
    ],
    (storage) => ({
      putMany: (many, options) => storage.putMany(many.slice(0, 1_000), options),
    }),
  ),

  broken(
    "delete throws if nothing is stored",
    ["delete: does nothing if nothing is stored, however often", "delete: takes % _ and \\ in an id for themselves"],
    (storage) => ({
      async delete(id, options) {
        if ((await storage.get(id)) === null) throw new Error("not found");
        await storage.delete(id, options);
      },
    }),
  ),

  broken(
    "delete treats an id as a pattern",
    ['put: takes "%" as an id, a workflow, a step and a value', "delete: takes % _ and \\ in an id for themselves"],
    (storage) => ({
      async delete(id, options) {
        await storage.delete(id, options);
        for (const { id: other } of await storage.query()) if (like(other, id)) await storage.delete(other);
      },
    }),
  ),
];
