import type { Instance } from "../instance/instance.js";
import { isSameRow } from "../state/row.js";
import { createSchemaCheck, type Mismatch } from "./schemas/schema-check.js";
import { SchemaMismatchError } from "./schemas/schema-mismatch-error.js";
import type { WorkflowSchemas } from "./schemas/schemas.js";
import type { Codec } from "./codec.js";
import { mappedListings } from "./mapped-listings.js";
import type { InstanceStorage } from "./storage.js";
import { changed, checkChange } from "./update.js";

/**
 * The same storage, with what it writes and reads checked against the schemas of the workflows. Around the storage, not in it: without
 * schemas nothing is done, and what a validator throws is never taken for a fault of the database.
 */
export function checkedStorage(storage: InstanceStorage, schemas: WorkflowSchemas, codec: Codec): InstanceStorage {
  const check = createSchemaCheck(schemas);
  const slow = new Set<string>(); // the workflows whose validators take their time

  /**
   * Checks an instance that is to be written, and returns what is to be written. That is a copy if a validator takes its
   * time: the caller could change the instance meanwhile, and what was checked is what is stored.
   */
  const checked = (instance: Instance): Instance | Promise<Instance> => {
    const workflow = workflowOf(instance);
    if (workflow === undefined) return codec.copy(instance); // it is not an instance, and copying throws, which says why
    if (!slow.has(workflow)) {
      const found = checkReadable(instance);
      if (!(found instanceof Promise)) return throwMismatch(found) ?? instance;
      slow.add(workflow);
      found.catch(() => {}); // it is asked again, about the copy
    }
    const copy = checkedCopy(instance);
    copy.catch(() => {}); // who waits for it gets what it throws; of several, the first
    return copy;
  };

  /** @throws {StorageError} what the storage throws if the instance can't be read, rather than what reading it throws in a validator. */
  const checkReadable = (instance: Instance): Mismatch | Promise<Mismatch> => {
    try {
      return check(instance, "instance");
    } catch (error) {
      codec.copy(instance);
      throw error;
    }
  };

  const checkedCopy = async (instance: Instance): Promise<Instance> => {
    const copy = codec.copy(instance);
    return throwMismatch(await check(copy, "instance")) ?? copy;
  };

  const fitting = async (instance: Instance): Promise<Instance> => throwMismatch(await check(instance, "row")) ?? instance;

  return {
    ...storage,
    ...mappedListings(storage, fitting, SchemaMismatchError),

    async get(id, options) {
      const instance = await storage.get(id, options);
      return instance === null ? null : fitting(instance);
    },

    async put(instance, options) {
      const ready = checked(instance);
      await storage.put(ready instanceof Promise ? await ready : ready, options);
    },

    async insert(instance, options) {
      const ready = checked(instance);
      await storage.insert(ready instanceof Promise ? await ready : ready, options);
    },

    async update(id, change, options) {
      checkChange(change);
      const checkedChange = async (current: Instance): Promise<Instance> => {
        const next = await changed(await fitting(current), change);
        const ready = await checked(next); // the same object too: it may have been mutated
        // If it is a copy and it wasn't, the object itself goes back: by it, the storage knows that there is nothing to write.
        return next === current && ready !== next && isSameRow(codec.row(next), codec.row(ready)) ? next : ready;
      };
      return storage.update(id, checkedChange, options);
    },

    async putMany(instances, options) {
      // All at once, so that the list is the caller's no longer; what isn't a list, the storage rejects.
      const ready = Array.isArray(instances) ? instances.map(checked) : [];
      const waits = ready.some((one) => one instanceof Promise);
      const copies = waits ? ready.map(async (one) => (one instanceof Promise ? one : codec.copy(one))) : [];
      await storage.putMany(waits ? await Promise.all(copies) : instances, options);
    },
  };
}

function throwMismatch(mismatch: Mismatch): undefined {
  if (mismatch !== null) throw mismatch;
}

/** The workflow of what may be no instance, and may throw when it is read. */
function workflowOf(instance: Instance): string | undefined {
  try {
    const { workflow } = instance;
    return workflow;
  } catch {
    return undefined;
  }
}
