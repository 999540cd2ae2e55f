import { types } from "node:util";
import type { InstanceStorage } from "hephaestus-prisma";
import { createMemoryStorage } from "hephaestus-prisma/memory";

/** A storage with one fault. */
export interface BrokenStorage {
  readonly fault: string;
  readonly create: () => InstanceStorage;
  /** Cases of the contract that fail for it; others may fail too. */
  readonly caughtBy: readonly string[];
}

/** The memory storage with a fault. Strange arguments pass it by: a fault is in what is done, not in how arguments are read. */
export function broken(
  fault: string,
  caughtBy: readonly string[],
  overrides: (storage: InstanceStorage) => Partial<InstanceStorage>,
): BrokenStorage {
  return brokenReading(fault, caughtBy, (storage) => {
    const calls = Object.entries(overrides(storage)).map(([name, faulty]) => {
      const call = (...given: unknown[]): unknown =>
        Reflect.apply(given.every(isOrdinary) ? faulty : (Reflect.get(storage, name) as typeof faulty), undefined, given);
      return [name, call];
    });
    return Object.fromEntries(calls) as Partial<InstanceStorage>;
  });
}

/** The memory storage with a fault in how it reads its arguments. */
export function brokenReading(
  fault: string,
  caughtBy: readonly string[],
  overrides: (storage: InstanceStorage) => Partial<InstanceStorage>,
): BrokenStorage {
  return {
    fault,
    caughtBy,
    create() {
      const storage = createMemoryStorage();
      return { ...storage, ...overrides(storage) };
    },
  };
}

/** Whether an argument is what it seems to be: no Proxy, of no class, with neither accessors, hidden properties nor holes. */
function isOrdinary(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return true;
  if (types.isProxy(value) || Object.getOwnPropertySymbols(value).length > 0) return false;
  if (Array.isArray(value)) return Object.keys(value).length === value.length;
  if (![Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null)) return false;
  return Object.values(Object.getOwnPropertyDescriptors(value)).every(
    (property) => property.enumerable === true && "value" in property && (!Array.isArray(property.value) || isOrdinary(property.value)),
  );
}
