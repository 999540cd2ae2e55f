import type { Instance } from "../instance/instance.js";
import type { RowSnapshot } from "../state/row.js";

/**
 * What the rows held of the instances that storages have read or written. A copy of an instance has none.
 *
 * One map for all storages, so that an instance read through one can be `expected` by another on the same table: an
 * engine has a storage on its Prisma Client for transactions and one on a `pg` pool for its loop.
 */
export const snapshots: Pick<WeakMap<Instance, RowSnapshot>, "get" | "set"> = new WeakMap<Instance, RowSnapshot>();
