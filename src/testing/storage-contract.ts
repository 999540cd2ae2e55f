import type { Storage } from "../storage/storage.js";
import { argumentCases } from "./cases/argument-cases.js";
import type { Cases } from "./cases/cases.js";
import { compareAndSwapCases } from "./cases/compare-and-swap-cases.js";
import { containmentCases } from "./cases/containment-cases.js";
import { countByCases, countCases } from "./cases/count-cases.js";
import { deleteCases } from "./cases/delete-cases.js";
import { errorValueCases } from "./cases/error-value-cases.js";
import { getCases } from "./cases/get-cases.js";
import { insertCases } from "./cases/insert-cases.js";
import { isolationCases } from "./cases/isolation-cases.js";
import { listCases } from "./cases/list-cases.js";
import { pageCases } from "./cases/page-cases.js";
import { pruneCases } from "./cases/prune-cases.js";
import { putCases } from "./cases/put-cases.js";
import { putManyCases } from "./cases/put-many-cases.js";
import { queryCases } from "./cases/query-cases.js";
import { rejectionCases } from "./cases/rejection-cases.js";
import { storedRowCases } from "./cases/stored-row-cases.js";
import { streamCases } from "./cases/stream-cases.js";
import { updateCases } from "./cases/update-cases.js";
import { valueCases } from "./cases/value-cases.js";
import type { StoreRow } from "./stored-row.js";

/** A storage that is held against the contract. */
export interface ContractSubject {
  /** What the tests call it. */
  readonly name: string;
  /** A storage that is empty; called once for each case. It may be the same one, emptied. */
  readonly create: () => Storage | Promise<Storage>;
  /** Ends what `create` has made; called after each case, however that went. */
  readonly destroy?: (storage: Storage) => void | Promise<void>;
  /** Stores a row as another writer would, such as by an `INSERT`. Without it, the cases that need such rows are left out. */
  readonly storeRow?: StoreRow;
}

/** One thing that every {@link Storage} does. */
export interface ContractCase {
  /** What it is about: a method, or what many have in common. */
  readonly group: string;
  /** What the storage does, as a sentence. Unique within its group. */
  readonly name: string;
  /** Creates a storage, and is rejected with an `AssertionError` if that one doesn't do so. */
  readonly run: () => Promise<void>;
}

const GROUPS: Readonly<Record<string, Cases>> = {
  get: getCases,
  put: putCases,
  values: { ...valueCases, ...errorValueCases },
  rejections: rejectionCases,
  isolation: isolationCases,
  "put with expected": compareAndSwapCases,
  insert: insertCases,
  update: updateCases,
  putMany: putManyCases,
  delete: deleteCases,
  query: queryCases,
  containment: containmentCases,
  "pages of query": pageCases,
  stream: streamCases,
  list: listCases,
  count: countCases,
  countBy: countByCases,
  prune: pruneCases,
  arguments: argumentCases,
};

/**
 * What every storage does, as cases for any test framework: {@link describeStorage} gives them to vitest, `node:test`
 * and others that have `describe` and `it`. They run one after the other, and are independent of each other.
 *
 * @example
 * ```ts
 * for (const { group, name, run } of storageContract({ name: "mine", create: () => new MyStorage() })) test(`${group}: ${name}`, run);
 * ```
 */
export function storageContract({ create, destroy, storeRow }: ContractSubject): ContractCase[] {
  const groups = storeRow === undefined ? GROUPS : { ...GROUPS, "rows of other writers, by storeRow": storedRowCases(storeRow) };
  return Object.entries(groups).flatMap(([group, cases]) =>
    Object.entries(cases).map(([name, check]) => ({
      group,
      name,
      async run() {
        const storage = await create();
        try {
          await check(storage);
        } finally {
          await destroy?.(storage);
        }
      },
    })),
  );
}
