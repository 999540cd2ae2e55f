import type { InstanceStorage } from "../storage/storage.js";
import { argumentCases } from "./cases/argument-cases.js";
import type { Capabilities, Cases } from "./cases/cases.js";
import { compareAndSwapCases } from "./cases/compare-and-swap-cases.js";
import { containmentCases } from "./cases/containment-cases.js";
import { countByCases, countCases } from "./cases/count-cases.js";
import { deleteCases } from "./cases/delete-cases.js";
import { errorValueCases } from "./cases/error-value-cases.js";
import { forUpdateCases, rowLockCases, type Transact } from "./cases/for-update-cases.js";
import { getCases } from "./cases/get-cases.js";
import { insertCases } from "./cases/insert-cases.js";
import { isolationCases } from "./cases/isolation-cases.js";
import { type Lacks, lackCases } from "./cases/lack-cases.js";
import { listCases } from "./cases/list-cases.js";
import { pageCases } from "./cases/page-cases.js";
import { pruneCases } from "./cases/prune-cases.js";
import { putCases } from "./cases/put-cases.js";
import { putManyCases } from "./cases/put-many-cases.js";
import { queryCases } from "./cases/query-cases.js";
import { rejectionCases } from "./cases/rejection-cases.js";
import { signalCases } from "./cases/signal-cases.js";
import { storedRowCases } from "./cases/stored-row-cases.js";
import { streamCases } from "./cases/stream-cases.js";
import { transformCases, type WithTransform } from "./cases/transform-cases.js";
import { updateCases } from "./cases/update-cases.js";
import { valueCases } from "./cases/value-cases.js";
import type { StoreRow } from "./stored-row.js";

/** A storage that is held against the contract. */
export interface ContractSubject {
  /** What the tests call it. */
  readonly name: string;
  /** A storage that is empty; called once for each case. It may be the same one, emptied. */
  readonly create: () => InstanceStorage | Promise<InstanceStorage>;
  /** Ends what `create` has made; called after each case, however that went. */
  readonly destroy?: (storage: InstanceStorage) => void | Promise<void>;
  /**
   * What the storage can't do, with the reason, which stands in the names of the cases that are run instead: those that it
   * rejects what it can't do.
   */
  readonly lacks?: Lacks;
  /** Stores a row as another writer would, such as by an `INSERT`. Without it, the cases that need such rows are left out. */
  readonly storeRow?: StoreRow;
  /**
   * Creates a storage like that of `create` with the option `transform`, on the same rows or on none. Without it, the cases of
   * transforms are left out.
   */
  readonly withTransform?: WithTransform;
  /**
   * Runs a call in a transaction of its own, by `storage.withTransaction`; two of them can be open at once. Without it, the
   * cases of row locks are left out.
   */
  readonly transact?: Transact;
}

/** One thing that every {@link InstanceStorage} does. */
export interface ContractCase {
  /** What it is about: a method, or what many have in common. */
  readonly group: string;
  /** What the storage does, as a sentence. Unique within its group. */
  readonly name: string;
  /** Creates a storage, and is rejected with an `AssertionError` if that one doesn't do so. */
  readonly run: () => Promise<void>;
}

const groupsFor = (can: Capabilities): Readonly<Record<string, Cases>> => ({
  get: getCases,
  put: putCases,
  values: { ...valueCases(can), ...errorValueCases },
  rejections: rejectionCases,
  isolation: isolationCases,
  "put with expected": compareAndSwapCases(can),
  insert: insertCases,
  update: updateCases,
  putMany: putManyCases,
  delete: deleteCases,
  query: queryCases(can),
  forUpdate: forUpdateCases,
  ...(can.containment && { containment: containmentCases }),
  "pages of query": pageCases(can),
  stream: streamCases(can),
  list: listCases(can),
  count: countCases(can),
  countBy: countByCases(can),
  prune: pruneCases(can),
  arguments: argumentCases(can),
  signals: signalCases,
});

/**
 * What every storage does, as cases for any test framework: {@link describeStorage} gives them to vitest, `node:test`
 * and others that have `describe` and `it`. They run one after the other, and are independent of each other.
 *
 * @example
 * ```ts
 * for (const { group, name, run } of storageContract({ name: "mine", create: () => new MyStorage() })) test(`${group}: ${name}`, run);
 * ```
 */
export function storageContract({ create, destroy, lacks = {}, storeRow, transact, withTransform }: ContractSubject): ContractCase[] {
  const has = (capability: keyof Capabilities): boolean => lacks[capability] === undefined;
  const can = {
    containment: has("containment"),
    exactNumbers: has("exactNumbers"),
    anyKeys: has("anyKeys"),
    rowLocks: has("rowLocks"),
  };
  const groups = {
    ...groupsFor(can),
    "what it lacks": lackCases(lacks, storeRow, transact),
    ...(withTransform !== undefined && { transform: transformCases(withTransform) }),
    ...(can.rowLocks && transact !== undefined && { "row locks": rowLockCases(transact) }),
    ...(storeRow !== undefined && { "rows of other writers, by storeRow": storedRowCases(storeRow, can) }),
  };
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
