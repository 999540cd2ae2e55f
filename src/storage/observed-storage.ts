import type { Instance } from "../instance/instance.js";
import type { Observation, Observer } from "./observability/observer.js";
import type { OperationName } from "./observability/operation.js";
import type { InstanceStorage } from "./storage.js";
import type { SummaryPage } from "./options.js";

// Fits `InstanceStorage` only as long as the names of operations are those of its calls.
type ObservedStorage = { readonly [Name in OperationName]: InstanceStorage[Name] };

/** The same storage, whose calls are observed. */
export function observedStorage(storage: InstanceStorage, observer: Observer): ObservedStorage {
  const observe = <Result>(
    operation: OperationName,
    given: readonly unknown[],
    call: () => Promise<Result>,
    rowsOf: (result: Result) => number,
  ): Promise<Result> => {
    const observation = observer(operation, given);
    return observation === null ? call() : watch(observation, call, rowsOf);
  };

  return {
    get: (id, options) => observe("get", [{ id }], () => storage.get(id, options), found),
    put: (instance, options) => observe("put", [instance], () => storage.put(instance, options), one),
    insert: (instance, options) => observe("insert", [instance], () => storage.insert(instance, options), one),
    update: (id, change, options) => observe("update", [{ id }], () => storage.update(id, change, options), one),
    putMany(instances, options) {
      const all = (): number => instances.length;
      return observe("putMany", listOf(instances), () => storage.putMany(instances, options), all);
    },
    delete: (id, options) => observe("delete", [{ id }], () => storage.delete(id, options), none),
    query: (filters, options) => observe("query", [], () => storage.query(filters, options), lengthOf),
    stream: (filters, options) => observedStream(storage.stream(filters, options), observer),
    list: (filters, options) => observe("list", [], () => storage.list(filters, options), itemsOf),
    count: (filters, options) => observe("count", [], () => storage.count(filters, options), itself),
    countBy: (by, filters, options) => observe("countBy", [], () => storage.countBy(by, filters, options), sumOf),
    prune: (filters, options) => observe("prune", [], () => storage.prune(filters, options), itself),
  };
}

async function watch<Result>(observation: Observation, call: () => Promise<Result>, rowsOf: (result: Result) => number): Promise<Result> {
  const result = await observation.run(call);
  observation.end(rowsOf(result));
  return result;
}

/** Observes the time in which a stream reads, and not what its reader does in between. */
async function* observedStream(
  instances: AsyncGenerator<Instance, void, undefined>,
  observer: Observer,
): AsyncGenerator<Instance, void, undefined> {
  const observation = observer("stream", []);
  if (observation === null) return yield* instances;
  const read = (): Promise<IteratorResult<Instance, void>> => observation.run(() => instances.next());
  let rows = 0;
  try {
    for (let next = await read(); next.done !== true; next = await read()) {
      rows++;
      yield next.value;
    }
  } finally {
    await instances.return(); // the reader may have left early
    observation.end(rows);
  }
}

// How many rows a result is about.
const one = (): number => 1;
const none = (): number => 0; // the row store counts what was deleted
const found = (instance: Instance | null): number => (instance === null ? 0 : 1);
const lengthOf = ({ length }: readonly Instance[]): number => length;
const itemsOf = ({ items }: SummaryPage): number => items.length;
const itself = (rows: number): number => rows;
const sumOf = (counts: ReadonlyMap<unknown, number>): number => [...counts.values()].reduce((sum, rows) => sum + rows, 0);

// Anything may have been given: the storage rejects what is not a list.
function listOf(given: unknown): readonly unknown[] {
  return Array.isArray(given) ? given : [];
}
