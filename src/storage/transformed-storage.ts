import { InvalidInstanceError, InvalidOptionError, TransformError } from "../errors.js";
import type { Instance } from "../instance/instance.js";
import { kindOf } from "../messages/describe.js";
import { quote } from "../messages/quote.js";
import { isObject } from "../runtime/native-types.js";
import { isSameRow } from "../state/row.js";
import { checkInstances, checkOptions, PUT_OPTIONS } from "./check-options.js";
import type { Codec } from "./codec.js";
import { mappedListings } from "./mapped-listings.js";
import type { InstanceStorage } from "./storage.js";
import type { Transform } from "./transform.js";
import { changed, checkChange } from "./update.js";

const FIXED = ["id", "workflow", "workflowVersion", "status"] as const;

// What was stored of the instances that were read. Of all storages: inside a transaction, it is another one than outside.
const storedOf = new WeakMap<Instance, Instance>();

/** The same storage, which stores what `transform.write` returns, and returns what `transform.read` makes of it. */
export function transformedStorage(storage: InstanceStorage, transform: Transform, codec: Pick<Codec, "copy" | "row">): InstanceStorage {
  /** What to store. Copies at once what it was given, so that neither the caller nor `write` can change the other's. */
  const toStored = async (instance: Instance, fixed: Partial<Instance> = {}): Promise<Instance> => {
    const copy = { ...codec.copy(instance), ...fixed };
    if (transform.write === undefined) return copy;
    const stored: unknown = await transform.write({ ...copy });
    const fail = (path: string, problem: string): never => {
      throw new InvalidInstanceError(path, `instance ${quote(copy.id)} can't be stored: transform.write ${problem}`);
    };
    if (!isInstance(stored)) return fail("", `has returned ${kindOf(stored)}, expected an instance`);
    const changed = FIXED.find((field) => stored[field] !== copy[field]);
    if (changed === undefined) return stored;
    return fail(changed, `has changed ${changed}; it may change context, stepConfigs, runtimeMetadata and contextUpdates`);
  };

  /** What is held of what is stored, which is kept for `expected`: `read` gets a copy. */
  const toHeld = async (stored: Instance): Promise<Instance> => {
    const copy = codec.copy(stored);
    const held: unknown = transform.read === undefined ? copy : await readWith(transform.read, copy, stored.id);
    if (!isInstance(held)) throw unreadable(stored.id, `has returned ${kindOf(held)}, expected an instance`);
    if (held.id !== stored.id) throw unreadable(stored.id, "has returned an instance with another id");
    storedOf.set(held, stored);
    return held;
  };

  const expectedOf = (expected: Instance): Instance => {
    const stored = storedOf.get(expected) ?? (transform.write === undefined ? expected : undefined);
    if (stored !== undefined) return stored;
    throw new InvalidOptionError(
      "expected",
      'the option "expected" is invalid: with transform.write, expected the very instance that get, query, stream or update ' +
        "has returned, found another object: what is stored can't be told from a copy",
    );
  };

  return {
    ...storage,
    ...mappedListings(storage, toHeld, TransformError),

    async get(id, options) {
      const stored = await storage.get(id, options);
      return stored === null ? null : toHeld(stored);
    },

    async put(instance, options = {}) {
      const { expected, ...rest } = checkOptions(options, PUT_OPTIONS);
      const given = expected === undefined ? rest : { ...rest, expected: expectedOf(expected) };
      await storage.put(await toStored(instance), given);
    },

    async insert(instance, options) {
      await storage.insert(await toStored(instance), options);
    },

    async update(id, change, options) {
      checkChange(change);
      const last: { held?: Instance } = {};
      const transformedChange = async (found: Instance): Promise<Instance> => {
        const current = await toHeld(found);
        const before = codec.row(current);
        const next = await changed(current, change);
        const isUnchanged = next === current && isSameRow(codec.row(next), before);
        const stored = isUnchanged ? found : await toStored(next, { workflowVersion: found.workflowVersion });
        // Before it is stored: if it can't be read, nothing is.
        last.held = isUnchanged ? current : await toHeld(stored);
        return stored;
      };
      const stored = await storage.update(id, transformedChange, options);
      return last.held ?? toHeld(stored);
    },

    async putMany(instances, options) {
      const stored = checkInstances(instances).map((instance) => toStored(instance));
      await storage.putMany(await Promise.all(stored), options);
    },
  };
}

async function readWith(read: NonNullable<Transform["read"]>, stored: Instance, id: string): Promise<unknown> {
  try {
    return await read(stored);
  } catch (reason) {
    throw unreadable(id, "has thrown; the error's reason is what it threw", reason);
  }
}

function unreadable(id: string, problem: string, reason?: unknown): TransformError {
  return new TransformError(id, `row ${quote(id)} can't be read: transform.read ${problem}`, reason);
}

/** Whether a value may be an instance: whoever stores it checks the rest. */
function isInstance(value: unknown): value is Instance {
  return isObject(value);
}
