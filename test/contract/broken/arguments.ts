import { types } from "node:util";
import { broken, brokenReading, type BrokenStorage } from "./broken-storage.js";

const NOT_PLAIN = [
  ...["an instance of a class with accessors", "a Map", "URLSearchParams", "an object that inherits its keys"],
  ...["an object that inherits its keys from one without a prototype", "a Proxy that hides its keys", "a Date"],
];

/** A copy of an object's own keys. It isn't asked what the object is; only a revoked Proxy can't be copied. */
function copyOf<Value>(value: Value): Value {
  if (typeof value !== "object" || value === null || (!types.isProxy(value) && Array.isArray(value))) return value;
  try {
    return { ...value };
  } catch {
    return value;
  }
}

const SELECTS_ALL = [
  ...['{"workflowFamily":""}', '{"workflowFamilyIn":["Order.",""]}', '{"statusIn":["pending","running","waiting","completed","failed"]}'],
  ...['{"stateContains":{}}', '{"contextContains":{}}', '{"stateContains":{"context":{"initial":{}},"active_steps":[]}}'],
  '{"workflowFamily":"","workflowFamilyIn":[""],"stateContains":{},"contextContains":{},"statusIn":["pending","running","waiting","completed","failed"]}',
];

export const brokenArguments: readonly BrokenStorage[] = [
  brokenReading(
    "selects everything for filters that aren't plain",
    [
      ...NOT_PLAIN.map((what) => `arguments: rejects filters that are ${what}, and selects nothing`),
      "arguments: sees filters and options that aren't enumerable",
    ],
    (storage) => ({ query: (filters, options) => storage.query(copyOf(filters), options) }),
  ),

  brokenReading(
    "ignores options that aren't plain",
    [
      ...NOT_PLAIN.map((what) => `arguments: rejects options that are ${what}`),
      "arguments: sees filters and options that aren't enumerable",
    ],
    (storage) => ({ query: (filters, options) => storage.query(filters, copyOf(options)) }),
  ),

  brokenReading("reads a filter twice", ["arguments: reads each filter and each option once"], (storage) => ({
    async prune(filters, options) {
      if (!types.isProxy(filters)) Reflect.get(Object(filters) as object, "status", filters);
      return storage.prune(filters, options);
    },
  })),

  brokenReading("skips holes", ["arguments: rejects a hole in statusIn with its index"], (storage) => ({
    count(filters, options) {
      const isList = !types.isProxy(filters) && Array.isArray(filters?.statusIn);
      return storage.count(isList ? { ...filters, statusIn: filters.statusIn.filter(() => true) } : filters, options);
    },
  })),

  broken(
    "takes limits modulo 2^32, as Prisma does",
    ["arguments: takes 4294967296 as a limit and a batch size", "arguments: takes 4294967297 as a limit and a batch size"],
    (storage) => ({
      async query(filters, options = {}) {
        const found = await storage.query(filters, options);
        return options?.limit === undefined ? found : found.slice(0, options.limit % 2 ** 32);
      },
    }),
  ),

  broken("takes any number of names", ["arguments: takes 16,000 names in a list, and rejects more"], (storage) => ({
    list(filters = {}, options) {
      const { workflowIn } = filters ?? {};
      return storage.list(Number(workflowIn?.length) > 16_000 ? { ...filters, workflowIn: [] } : filters, options);
    },
  })),

  broken(
    "ignores times of other years",
    [
      'query: rejects the filters {"insertedAfter":"+275760-09-13T00:00:00.000Z"}',
      'query: rejects the filters {"updatedBefore":"0000-12-31T00:00:00.000Z"}',
    ],
    (storage) => ({
      async query(filters, options) {
        return storage.query(filters, options).catch((error: { message?: string }) => {
          if (!error.message?.includes("one of another year")) throw error;
          return storage.query({}, options);
        });
      },
    }),
  ),

  broken("streams from the beginning", ["stream: goes on after an id, whether it is stored or not"], (storage) => ({
    stream(filters, options) {
      storage.stream(filters, options);
      return storage.stream(filters, Object.fromEntries(Object.entries(options ?? {}).filter(([name]) => name !== "after")));
    },
  })),

  broken(
    "prunes everything if a filter selects everything",
    SELECTS_ALL.map((filters) => `prune: rejects the filters ${filters} with {"includeActive":true}`),
    (storage) => ({
      prune: (filters, options = {}) =>
        storage.prune(filters, Object.keys(filters ?? {}).length > 0 && !("all" in options) ? { ...options, all: true } : options),
    }),
  ),
];
