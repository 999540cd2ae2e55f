import type { Storage } from "hephaestus-prisma";
import { createMemoryStorage } from "hephaestus-prisma/memory";

/** A storage with one fault. */
export interface BrokenStorage {
  readonly fault: string;
  readonly create: () => Storage;
  /** The cases of the contract that fail for it: these and no others. */
  readonly caughtBy: readonly string[];
}

/** The memory storage with a fault. */
export function broken(fault: string, caughtBy: readonly string[], overrides: (storage: Storage) => Partial<Storage>): BrokenStorage {
  return {
    fault,
    caughtBy,
    create() {
      const storage = createMemoryStorage();
      return { ...storage, ...overrides(storage) };
    },
  };
}
