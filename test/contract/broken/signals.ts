import type { CallOptions, InstanceStorage } from "hephaestus-prisma";
import { broken, type BrokenStorage } from "./broken-storage.js";

/** The calls of a storage, and which of their arguments are the options. */
const OPTIONS = {
  ...{ get: 1, put: 1, insert: 1, update: 2, putMany: 1, delete: 1 },
  ...{ query: 1, stream: 1, list: 1, count: 1, countBy: 2, prune: 1 },
} as const;
type Method = keyof typeof OPTIONS;
const METHODS = Object.keys(OPTIONS) as Method[];

const CALLS = METHODS.filter((method) => method !== "stream");

const namesOf = (method: Method): string[] => (method === "put" ? ["put", "put with expected"] : [method]);
const abortedCases = (method: Method): string[] =>
  namesOf(method).map((name) => `signals: rejects ${name} with the reason of a signal that is aborted, and does nothing`);

/** A storage some of whose calls look at their signal first. */
function looking(
  storage: InstanceStorage,
  methods: readonly Method[],
  look: (signal: AbortSignal, call: () => unknown, again: () => unknown) => unknown,
): Partial<InstanceStorage> {
  const calls = methods.map((method) => {
    const sound = (...given: unknown[]): unknown => Reflect.apply(Reflect.get(storage, method) as () => unknown, storage, given);
    const call = (...given: unknown[]): unknown => {
      const at = OPTIONS[method];
      const { signal, ...rest } = (given[at] ?? {}) as CallOptions;
      if (!Object.hasOwn(Object(given[at]) as object, "signal")) return sound(...given);
      return look(
        signal as AbortSignal,
        () => sound(...given),
        () => sound(...given.with(at, rest)),
      );
    };
    return [method, call];
  });
  return Object.fromEntries(calls) as Partial<InstanceStorage>;
}

const isReal = (signal: unknown): signal is AbortSignal => signal instanceof AbortSignal;
const isLike = (signal: unknown): boolean =>
  isReal(signal) || (typeof Reflect.get(Object(signal) as object, "aborted") === "boolean" && "listeners" in Object(signal));

const NEITHER = "signals: calls neither the change of an update nor onProgress of prune if the signal is aborted";
const BETWEEN = "prune: stops between two batches at a signal, with its reason";
const FIRST_NEXT = "signals: rejects a stream at its first next(), not before, and ends it";
const NEXT_BATCH = "signals: ends a stream between two batches, with the reason";
const POLYFILL = "signals: takes a polyfill";
const FOREIGN = "signals: takes one of another realm, as Jest's are to its tests";
const LISTENERS = "signals: leaves no listener for each call on a signal that lives longer";

const MORE: Partial<Readonly<Record<Method, readonly string[]>>> = {
  stream: [FIRST_NEXT],
  update: [NEITHER, "update: stops at a signal with its reason, and writes nothing more"],
  prune: [NEITHER, BETWEEN],
};
/** The cases about a method whose signal is aborted. */
const allCases = (method: Method): string[] => [...abortedCases(method), ...(MORE[method] ?? [])];

const BAD_OPTIONS: Partial<Readonly<Record<Method, string>>> = {
  update: "update: rejects a change to another id or to no instance, and invalid ids and options",
  prune: "prune: rejects options that are unknown or impossible",
};

const WRITES = ["put", "insert", "update", "putMany", "delete", "prune"] as const;

export const brokenSignals: readonly BrokenStorage[] = [
  ...METHODS.map((method) =>
    broken(`ignores the signal of ${method}`, [...allCases(method), ...(method === "stream" ? [NEXT_BATCH] : [])], (storage) =>
      looking(storage, [method], (signal, call, without) => (isReal(signal) ? without() : call())),
    ),
  ),

  ...METHODS.map((method) =>
    broken(
      `takes anything for a signal of ${method}`,
      [
        ...namesOf(method).map((name) => `signals: rejects what is no signal in ${name}, and does nothing`),
        ...[BAD_OPTIONS[method] ?? []].flat(),
      ],
      (storage) => looking(storage, [method], (signal, call, without) => (isLike(signal) ? call() : without())),
    ),
  ),

  ...WRITES.map((method) =>
    broken(`looks at the signal after the ${method}`, allCases(method), (storage) =>
      looking(storage, [method], async (signal, call, without) => {
        if (!isReal(signal)) return call();
        const result: unknown = await without();
        signal.throwIfAborted();
        return result;
      }),
    ),
  ),

  broken(
    "rejects an aborted call with an error of its own",
    CALLS.flatMap(allCases).filter((name) => name !== BETWEEN),
    (storage) =>
      looking(storage, CALLS, (signal, call) => (isReal(signal) && signal.aborted ? Promise.reject(new Error("aborted")) : call())),
  ),

  broken("takes no signals but those of its own realm", [POLYFILL, FOREIGN, LISTENERS], (storage) =>
    looking(storage, ["get"], (signal, call) =>
      isLike(signal) && !isReal(signal) ? Promise.reject(Object.assign(new Error("no signal"), { code: "INVALID_OPTION" })) : call(),
    ),
  ),

  broken("takes no polyfills", [POLYFILL, LISTENERS], (storage) =>
    looking(storage, ["put"], (signal, call) =>
      isLike(signal) && Object.getPrototypeOf(signal) === Object.prototype ? Promise.reject(new TypeError("no signal")) : call(),
    ),
  ),

  broken(
    "adds a listener to the signal for each call, and removes none",
    ["signals: causes no warning of a leak if 60 calls at once have one signal", LISTENERS],
    (storage) =>
      looking(storage, ["get"], (signal, call) => {
        if (isLike(signal)) signal.addEventListener("abort", () => {});
        return call();
      }),
  ),

  broken("rejects a stream of an aborted signal at once", [FIRST_NEXT], (storage) =>
    looking(storage, ["stream"], (signal, call) => {
      if (isReal(signal)) signal.throwIfAborted();
      return call();
    }),
  ),

  broken("looks at the signal of a stream only when it begins", [NEXT_BATCH], (storage) =>
    looking(storage, ["stream"], (signal, call, without) => (isReal(signal) && !signal.aborted ? without() : call())),
  ),

  broken("calls the change of an update before it looks at the signal", [NEITHER], (storage) => ({
    async update(id, change, options = {}) {
      if (isReal(options.signal) && options.signal.aborted) await change((await storage.get(id)) as never);
      return storage.update(id, change, options);
    },
  })),

  broken(
    "reports the progress of a prune before it looks at the signal",
    [NEITHER, BETWEEN, "prune: deletes in batches, and reports after each how many so far"],
    (storage) => ({
      async prune(filters, options = {}) {
        if (typeof options.onProgress === "function") options.onProgress(0);
        return storage.prune(filters, options);
      },
    }),
  ),

  broken("is dead once a signal was aborted", ["signals: ends no call by a signal that is aborted after it"], (storage) => {
    const signals = new Set<AbortSignal>();
    return {
      ...looking(storage, ["put"], (signal, call) => {
        if (isReal(signal)) signals.add(signal);
        return call();
      }),
      async count(filters, options) {
        for (const signal of signals) signal.throwIfAborted();
        return storage.count(filters, options);
      },
    };
  }),

  broken("says how many a prune has deleted until its signal, instead of the reason", [BETWEEN], (storage) => ({
    async prune(filters, options = {}) {
      let pruned = 0;
      const onProgress = (count: number): void => {
        pruned = count;
        options.onProgress?.(count);
      };
      if (!isReal(options.signal) || options.signal.aborted || typeof options.onProgress !== "function")
        return storage.prune(filters, options);
      return storage.prune(filters, { ...options, onProgress }).catch(() => pruned);
    },
  })),
];
