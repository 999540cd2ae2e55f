import type { Instance } from "../instance/instance.js";
import type { RowSnapshot } from "../serialization/row.js";

/** Remembers what the rows held of the instances that a storage has read or written. A copy of an instance has none. */
export type Snapshots = Pick<WeakMap<Instance, RowSnapshot>, "get" | "set">;
