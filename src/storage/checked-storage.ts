import type { Instance } from "../instance/instance.js";
import { createSchemaCheck, type Mismatch } from "./schemas/schema-check.js";
import type { WorkflowSchemas } from "./schemas/schemas.js";
import { checkOptions, QUERY_OPTIONS } from "./check-options.js";
import type { Storage } from "./storage.js";
import type { OnUnreadable } from "./options.js";

/**
 * The same storage, with what it writes and reads checked against the schemas of the workflows. Around the storage, not in it: without
 * schemas there is no work at all, and what a validator throws is never taken for a fault of the database.
 */
export function checkedStorage(storage: Storage, schemas: WorkflowSchemas): Storage {
  const check = createSchemaCheck(schemas);

  /** Rejects an instance that doesn't fit; at once if no validator is async, so that what is put is what was given. */
  const refuse = (instance: Instance, of: "instance" | "row"): Promise<void> | undefined => {
    const found = check(instance, of);
    return found instanceof Promise ? found.then(throwMismatch) : throwMismatch(found);
  };

  const fits = async (instance: Instance, onUnreadable: OnUnreadable = "throw"): Promise<boolean> => {
    const mismatch = await check(instance, "row");
    if (onUnreadable === "throw") throwMismatch(mismatch);
    else if (mismatch !== null && onUnreadable !== "skip") onUnreadable(mismatch);
    return mismatch === null;
  };

  return {
    ...storage,

    async get(id) {
      const instance = await storage.get(id);
      if (instance !== null) await refuse(instance, "row");
      return instance;
    },

    async put(instance, options) {
      const pending = refuse(instance, "instance");
      if (pending !== undefined) await pending;
      await storage.put(instance, options);
    },

    async insert(instance) {
      const pending = refuse(instance, "instance");
      if (pending !== undefined) await pending;
      await storage.insert(instance);
    },

    async update(id, change, options) {
      const checked = async (current: Instance): Promise<Instance> => {
        await refuse(current, "row");
        const next = await change(current);
        await refuse(next, "instance"); // the same object too: it may have been mutated
        return next;
      };
      return storage.update(id, checked, options);
    },

    async putMany(instances) {
      for (const instance of instances) {
        const pending = refuse(instance, "instance");
        if (pending !== undefined) await pending;
      }
      await storage.putMany(instances);
    },

    async query(filters, options = {}) {
      const { limit, ...rest } = checkOptions(options, QUERY_OPTIONS);
      const found: Instance[] = [];
      // A page is the first instances of a stream that fit, so that it is full as long as more of them do.
      const instances = limit === undefined ? await storage.query(filters, rest) : storage.stream(filters, { ...rest, batchSize: limit });
      for await (const instance of instances) if ((await fits(instance, rest.onUnreadable)) && found.push(instance) === limit) break;
      return found;
    },

    stream(filters, options) {
      const instances = storage.stream(filters, options);
      async function* fitting(): AsyncGenerator<Instance, void, undefined> {
        for await (const instance of instances) if (await fits(instance, options?.onUnreadable)) yield instance;
      }
      return fitting();
    },
  };
}

function throwMismatch(mismatch: Mismatch): undefined {
  if (mismatch !== null) throw mismatch;
}
