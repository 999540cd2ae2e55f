import type { Instance } from "../instance/instance.js";
import { readPlainObject } from "./plain-object.js";
import { callback, type Rules } from "./check-options.js";

/** How what is stored of an instance differs from what you hold. Either part can be left out, and either may be async. */
export interface Transform {
  /**
   * Returns what is stored of an instance: the same, but for `context`, `stepConfigs`, `runtimeMetadata` and the
   * `contextUpdates` of its history. It is called with a copy, once for each attempt of an `update`, and before any SQL of
   * a put. What it throws, the call throws.
   */
  readonly write?: (instance: Instance) => Instance | Promise<Instance>;
  /**
   * Returns the instance that you hold of a stored one, with the same id; called with a copy, on every read. What was
   * stored before `write` was introduced or changed is passed to it too. If it throws, the row is unreadable:
   * `TRANSFORM_FAILED`.
   */
  readonly read?: (stored: Instance) => Instance | Promise<Instance>;
}

/** What makes the stored form of an instance another one. */
export interface TransformOption {
  /**
   * Stores something else than what you hold, such as encrypted values, or returns something else than what is stored, such
   * as old rows in a new shape. Schemas and `change` see what you hold; filters, `maxStateBytes`, the command line and
   * Elixir what is stored. With `write`, `expected` must be an instance that was read, and no copy of it.
   *
   * @defaultValue none: what you hold is stored
   * @example
   * ```ts
   * const storage = createPrismaStorage(prisma, {
   *   transform: { read: (stored) => (stored.workflow === "Order.V1" ? upgraded(stored) : stored) },
   * });
   * ```
   */
  readonly transform?: Transform;
}

export const TRANSFORM_OPTION: Rules<TransformOption> = {
  transform: (value, reject) => {
    for (const [name, part] of Object.entries(readPlainObject(value, reject)))
      if (name === "write" || name === "read") callback(part, (problem) => reject(`${problem} at transform.${name}`));
      else reject("expected write and read, found another key");
  },
};
