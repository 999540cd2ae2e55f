import { createCodec } from "../codec.js";
import { createInstanceStorage } from "../instance-storage.js";
import { checkOptions, STORAGE_OPTIONS } from "../option-rules.js";
import type { StorageOptions } from "../options.js";
import type { Storage } from "../storage.js";
import { StoredForms } from "../stored-forms.js";
import { createMemoryRows } from "./memory-rows.js";

/** How a storage in memory behaves: as `createPrismaStorage` does with these options. */
export type MemoryStorageOptions = Pick<StorageOptions, "bigIntegers" | "maxStateBytes">;

const { bigIntegers, maxStateBytes } = STORAGE_OPTIONS;
const MEMORY_OPTIONS = { bigIntegers, maxStateBytes };

/**
 * A storage without a database, for unit tests: empty at first, gone with the object. It is the same storage on other
 * rows, so values are refused, kept and compared as PostgreSQL would. Ids are in the order of their code points, as
 * under the collation "C".
 *
 * @throws {InvalidOptionError} for an option that is unknown or impossible.
 * @example
 * ```ts
 * const storage = createMemoryStorage();
 * await storage.put(createInstance({ id: "order::4711", workflow: "Order.V1" }));
 * ```
 */
export function createMemoryStorage(options: MemoryStorageOptions = {}): Storage {
  const { bigIntegers = "error", maxStateBytes = Infinity } = checkOptions(options, MEMORY_OPTIONS);
  return createInstanceStorage(createMemoryRows(), {
    codec: createCodec(bigIntegers === "bigint"),
    forms: new StoredForms(),
    maxStateBytes,
    coalesceWrites: false,
  });
}
