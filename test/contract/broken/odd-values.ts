import { types } from "node:util";
import type { Instance } from "hephaestus-prisma";
import { broken, brokenReading, type BrokenStorage } from "./broken-storage.js";
import { losing, rejecting, withoutProto } from "./parts.js";

function depthOf(value: unknown): number {
  let depth = 0;
  for (let parts = [value]; parts.length > 0 && depth < 2_000; depth++)
    parts = parts.flatMap((part) => (typeof part === "object" && part !== null ? (Object.values(part) as unknown[]) : []));
  return depth;
}

/** Whether everything in a value can be read without calling what it holds. */
function isData(value: unknown, depth = 0): boolean {
  if (typeof value !== "object" || value === null || depth > 1_100) return true;
  if (types.isProxy(value)) return false;
  return Object.values(Object.getOwnPropertyDescriptors(value)).every(
    (property: PropertyDescriptor) => "value" in property && isData(property.value, depth + 1),
  );
}

const hasOwnMethod = (part: unknown): boolean =>
  (part instanceof Map || part instanceof Set) && Object.values(part).length === 0 && Object.getOwnPropertyNames(part).length > 0;

/** Puts a changed instance, if it can be read. */
function putting(fault: string, caughtBy: readonly string[], change: (instance: Instance) => Instance): BrokenStorage {
  return broken(fault, caughtBy, (storage) => ({
    async put(instance, options) {
      let changed = instance;
      try {
        changed = change(instance);
      } catch {
        // The storage says what is wrong with it.
      }
      await storage.put(changed, options);
    },
  }));
}

const isPlain = (value: object): boolean => Object.getPrototypeOf(value) === Object.prototype;

/** An object as a plain one, as JSON takes each of them. */
function plainly(value: Instance["runtimeMetadata"]): Instance["runtimeMetadata"] {
  return types.isProxy(value) || isPlain(value) ? value : { ...value };
}

const INSTEAD = [
  ...[
    "its source and flags instead of [object RegExp]",
    "String(url) instead of [object URL]",
    "decimal.toString() instead of [object Decimal]",
  ],
  ...["Float64Array", "Uint8Array"].map((name) => `Buffer.from(bytes).toString("base64") instead of [object ${name}]`),
].map((words) => `rejections: says to store ${words}`);

const rejected = (what: string): string => `rejections: rejects ${what} with its path, and stores nothing`;

export const brokenOddValues: readonly BrokenStorage[] = [
  brokenReading("reads a getter twice", ["values: keeps what a getter has returned to the check"], (storage) => ({
    put(instance, options) {
      try {
        structuredClone(instance);
      } catch {
        // It holds a function, or can't be read at all.
      }
      return storage.put(instance, options);
    },
  })),

  rejecting(
    "rejects a Set that Immer has frozen",
    ["values: keeps Maps and Sets that Immer has frozen, by properties that shadow their methods"],
    hasOwnMethod,
  ),

  rejecting(
    "rejects a Date of fake timers",
    ["values: keeps a Date of fake timers, which has a constructor of its own"],
    (part) => part instanceof Date && Object.hasOwn(part, "constructor"),
  ),

  rejecting(
    "rejects numbers beyond 2^53",
    ["values: keeps numbers beyond 2^53", "put with expected: compares rich values and large integers by what they are"],
    (part) => typeof part === "number" && Number.isFinite(part) && Math.abs(part) > Number.MAX_SAFE_INTEGER,
  ),

  broken(
    "rejects more than 500 levels",
    [
      "values: keeps 990 levels, plain and typed",
      "rejections: rejects a cycle with its path, and stores nothing",
      "rejections: rejects 20,000 levels, and stores nothing",
    ],
    (storage) => ({
      async put(instance, options) {
        if (isData(instance) && depthOf(instance) > 500) throw new RangeError("it is too deep");
        await storage.put(instance, options);
      },
    }),
  ),

  putting("drops keys __proto__", ["values: keeps keys that others lose"], (instance) => ({
    ...instance,
    runtimeMetadata: isData(instance) ? withoutProto(instance.runtimeMetadata) : instance.runtimeMetadata,
  })),

  losing("keeps of a RegExp what JSON does", [rejected("a RegExp"), ...INSTEAD.slice(0, 1)], (part) =>
    part instanceof RegExp ? {} : part,
  ),

  losing("keeps of a URL what JSON does", [rejected("a URL"), ...INSTEAD.slice(1, 2)], (part) => (part instanceof URL ? part.href : part)),

  losing("keeps bytes as numbers", [rejected("a typed array"), rejected("a Buffer"), ...INSTEAD.slice(3)], (part) =>
    ArrayBuffer.isView(part) ? [...(part as Uint8Array)] : part,
  ),

  broken("doesn't say what to store instead", INSTEAD, (storage) => ({
    async put(instance, options) {
      await storage.put(instance, options).catch((error: Error & { code?: string }) => {
        if (error.code === "NOT_SERIALIZABLE") error.message = error.message.replace(/: store .*$/, "");
        throw error;
      });
    },
  })),

  losing("drops what a Map has beside its entries", [rejected("a Map whose set is a number")], (part) =>
    part instanceof Map && Object.keys(part).length > 0 ? new Map(part) : part,
  ),

  putting(
    "takes any object for metadata",
    ["Array", "Map", "Date", "Error"].map((name) => `rejections: rejects ${name} as metadata, and stores nothing`),
    (instance) => ({ ...instance, runtimeMetadata: plainly(instance.runtimeMetadata) }),
  ),

  putting("takes any object for a context", ["rejections: rejects a Set as the initial context, and stores nothing"], (instance) => ({
    ...instance,
    context: { ...instance.context, initial: plainly(instance.context.initial) },
  })),

  putting("takes any object for updates", ["rejections: rejects a Map as updates, and stores nothing"], (instance) => ({
    ...instance,
    executionHistory: instance.executionHistory.map((entry) =>
      entry.contextUpdates === null ? entry : { ...entry, contextUpdates: plainly(entry.contextUpdates) },
    ),
  })),
];
