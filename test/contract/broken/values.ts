import { isDeepStrictEqual } from "node:util";
import { createInstance, type Instance, type InstanceContext, type InstanceStorage } from "hephaestus-prisma";
import { broken, type BrokenStorage } from "./broken-storage.js";
import { losing } from "./parts.js";

/** Contexts that are returned again, as the very same objects, for equal stored ones. */
class SharedContexts {
  readonly #storage: InstanceStorage;
  readonly #contexts = new Map<string, { readonly shared: InstanceContext; readonly copy: InstanceContext }>();

  constructor(storage: InstanceStorage) {
    this.#storage = storage;
  }

  async keep({ id, context }: Instance): Promise<void> {
    const stored = await this.#storage.get(id);
    if (stored !== null) this.#contexts.set(id, { shared: context, copy: stored.context });
  }

  isKept({ id, context }: Instance): boolean {
    return isDeepStrictEqual(this.#contexts.get(id)?.copy, context);
  }

  give(stored: Instance): Instance {
    return this.isKept(stored) ? Object.assign(stored, { context: this.#contexts.get(stored.id)?.shared }) : stored;
  }
}

function knownFieldsOf(instance: Instance): Instance {
  try {
    const known = Object.keys(createInstance({ id: "a", workflow: "W" }));
    return Object.fromEntries(Object.entries(instance).filter(([key]) => known.includes(key))) as unknown as Instance;
  } catch {
    return instance;
  }
}

export const brokenValues: readonly BrokenStorage[] = [
  losing("loses NUL", ["values: keeps strings with NUL"], (part) => (typeof part === "string" ? part.replaceAll("\0", "") : part)),
  losing("replaces lone surrogates", ["values: keeps lone surrogates"], (part) => (typeof part === "string" ? part.toWellFormed() : part)),
  losing(
    "rounds big integers",
    [
      "values: keeps BigInts",
      "values: keeps BigInts at the edge of what numbers hold",
      "put with expected: compares rich values and large integers by what they are",
    ],
    (part) => (typeof part === "bigint" ? BigInt(Number(part)) : part),
  ),
  losing("takes -0 for 0", ["values: keeps -0", "values: keeps keys with dots, backslashes and nothing"], (part) =>
    Object.is(part, -0) ? 0 : part,
  ),
  losing("makes NaN null, as JSON does", ["values: keeps NaN", "values: keeps keys with dots, backslashes and nothing"], (part) =>
    Number.isNaN(part) ? null : part,
  ),
  losing(
    "keeps Dates to the second",
    ["values: keeps a Date", "put with expected: conflicts if another writer has changed a rich value in it, and writes nothing"],
    (part) => (part instanceof Date && part.getMilliseconds() !== 0 ? new Date(Math.floor(part.getTime() / 1_000) * 1_000) : part),
  ),
  losing("forgets what class an Error has", ["values: keeps a TypeError with a cause, its class, stack and properties"], (part) =>
    part instanceof TypeError ? new Error(part.message, { cause: part.cause }) : part,
  ),
  losing(
    "drops functions, as JSON does",
    [
      "rejections: rejects a function with its path, and stores nothing",
      "rejections: rejects a class with its path, and stores nothing",
      "rejections: rejects a value with toJSON with its path, and stores nothing",
    ],
    (part) => (typeof part === "function" ? null : part),
  ),
  losing("sorts Maps", ["values: keeps the order of Maps, Sets and arrays"], (part) =>
    part instanceof Map && part.has("z") ? new Map([...part].sort()) : part,
  ),

  broken(
    "drops the fields that it doesn't know",
    [
      "rejections: rejects an unknown field, and stores nothing",
      "rejections: rejects an unknown field that is undefined, and stores nothing",
    ],
    (storage) => ({
      put: (instance, options) => storage.put(knownFieldsOf(instance), options),
    }),
  ),

  broken("keeps microseconds and no more", ["put: stores in place of the one with its id, every field"], (storage) => ({
    async put(instance, options) {
      await storage.put(instance, options);
      const stored = await storage.get(instance.id);
      const executionHistory = stored?.executionHistory.map((entry) => ({
        ...entry,
        timestamp: entry.timestamp.replace(/(\.\d{6})\d+/, "$1"),
      }));
      if (stored && executionHistory && !isDeepStrictEqual(executionHistory, stored.executionHistory))
        await storage.put({ ...stored, executionHistory });
    },
  })),

  broken(
    "keeps references to what was put",
    [
      "isolation: keeps what it was given by put, though the caller changes that afterwards",
      "isolation: keeps what it was given by put with expected, though the caller changes that afterwards",
      "isolation: keeps what it has returned from get, though the caller changes that afterwards",
      "isolation: keeps what was put before the call has come back, though the caller changes it at once",
      "isolation: returns copies to those that read at once",
    ],
    (storage) => {
      const contexts = new SharedContexts(storage);
      return {
        async put(instance, options) {
          await storage.put(instance, options);
          await contexts.keep(instance);
        },
        get: async (id, options) => storage.get(id, options).then((stored) => stored && contexts.give(stored)),
      };
    },
  ),

  broken(
    "returns references to what is stored",
    [
      "isolation: keeps what it has returned from get, though the caller changes that afterwards",
      "isolation: returns copies to those that read at once",
    ],
    (storage) => {
      const contexts = new SharedContexts(storage);
      return {
        async get(id, options) {
          const stored = await storage.get(id, options);
          if (stored !== null && !contexts.isKept(stored)) await contexts.keep(stored);
          return stored && contexts.give(stored);
        },
      };
    },
  ),

  broken("returns the stored times themselves", ["isolation: keeps the times that a list has returned"], (storage) => {
    const kept = new Map<string, Date>();
    return {
      async list(filters, options) {
        const page = await storage.list(filters, options);
        const items = page.items.map((item) => {
          const key = `${item.id} ${item.insertedAt.getTime()}`;
          const insertedAt = kept.get(key) ?? item.insertedAt;
          kept.set(key, insertedAt);
          return { ...item, insertedAt };
        });
        return { ...page, items };
      },
    };
  }),
];
