import type { InstanceStorage } from "hephaestus-prisma";

/** The same storage, each of whose calls runs in a transaction of its own; a stream, which has no end of its own, does not. */
export function inTransactions(
  storage: InstanceStorage,
  run: <Result>(call: (within: InstanceStorage) => Promise<Result>) => Promise<Result>,
): InstanceStorage {
  return {
    get: (...args) => run((within) => within.get(...args)),
    put: (...args) => run((within) => within.put(...args)),
    insert: (...args) => run((within) => within.insert(...args)),
    update: (...args) => run((within) => within.update(...args)),
    putMany: (...args) => run((within) => within.putMany(...args)),
    delete: (...args) => run((within) => within.delete(...args)),
    query: (...args) => run((within) => within.query(...args)),
    stream: (...args) => storage.stream(...args),
    list: (...args) => run((within) => within.list(...args)),
    count: (...args) => run((within) => within.count(...args)),
    countBy: (...args) => run((within) => within.countBy(...args)),
    prune: (...args) => run((within) => within.prune(...args)),
  };
}

/** What a storage in {@link inTransactions} can't do. */
export const IN_TRANSACTIONS = {
  "keeps what was put before the call has come back, though the caller changes it at once": "its transaction begins before the call",
  "rejects forUpdate outside of a transaction": "each of its calls is in one",
  "stops between two batches at a signal, with its reason": "what was deleted before is rolled back",
};
