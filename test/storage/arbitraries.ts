import fc from "fast-check";
import { type ExecutionEntry, type Instance, STATUSES } from "hephaestus-prisma";

/** Any string of UTF-16 units, NUL and lone surrogates included; often with characters that tend to break code. */
const anyText = fc.oneof(
  fc.string({ unit: fc.nat(0xffff).map((unit) => String.fromCharCode(unit)), maxLength: 12 }),
  fc.string({
    unit: fc.constantFrom("\0", "\ud83d", "\ude00", "\\", '"', "'", "%", "_", "$", "u", "0", ".", "é", "\ufeff"),
    maxLength: 12,
  }),
);

/** Any string that PostgreSQL stores. */
export const text: fc.Arbitrary<string> = anyText.map((any) => any.replaceAll("\0", "0").toWellFormed());

// Objects without a prototype are read back with one.
const plainly = { noNullPrototype: true } as const;

/** What a way to the table can't store: other keys and numbers it can. */
interface Limits {
  readonly isKey: (key: string) => boolean;
  readonly isNumber: (number: number) => boolean;
}
const NONE: Limits = { isKey: () => true, isNumber: () => true };
const OF_VERBS: Limits = {
  isKey: (key) => key !== "__proto__" && key !== "__prismaRawParameters__",
  isNumber: (number) => !Number.isFinite(number) || Math.abs(number) <= Number.MAX_SAFE_INTEGER,
};

const ODD_KEYS = ["__proto__", "__prismaRawParameters__", "constructor", "prototype", "\\constructor", "toString", "toJSON", "a.b", ""];
const keyWithin = ({ isKey }: Limits): fc.Arbitrary<string> => fc.oneof(text, fc.constantFrom(...ODD_KEYS)).filter(isKey);
const numberWithin = ({ isNumber }: Limits): fc.Arbitrary<number> =>
  fc.oneof(fc.double(), fc.double({ min: -1e6, max: 1e6 }), fc.constantFrom(-0, 2 ** 53, 1e23, 5e-324, 0.1)).filter(isNumber);

/** Any value that a round trip must preserve. */
function valueWithin(limits: Limits): fc.Arbitrary<unknown> {
  const key = keyWithin(limits);
  return fc.letrec<{ any: unknown }>((tie) => ({
    any: fc.oneof(
      { maxDepth: 4, depthSize: "small" },
      fc.oneof(anyText, numberWithin(limits), fc.integer(), fc.boolean(), fc.constantFrom(null, undefined)),
      fc.oneof(
        fc.date({ noInvalidDate: true }),
        fc.bigInt(),
        anyText.map((message) => new TypeError(message, { cause: message })),
        fc.tuple(anyText, tie("any"), key).map(([message, any, own]) => withOwn(new Error(message, { cause: any }), own, any)),
        fc.array(tie("any"), { maxLength: 2 }).map((errors) => new AggregateError(errors, "many")),
      ),
      fc.array(tie("any"), { maxLength: 4 }),
      fc.dictionary(key, tie("any"), { maxKeys: 4, noNullPrototype: true }),
      fc.array(fc.tuple(tie("any"), tie("any")), { maxLength: 3 }).map((entries) => new Map(entries)),
      fc.array(tie("any"), { maxLength: 3 }).map((items) => new Set(items)),
    ),
  })).any;
}

/** Not by an assignment, which `__proto__` would be to the prototype. */
function withOwn(error: Error, key: string, value: unknown): Error {
  return Object.defineProperty(error, key, { value, enumerable: true, writable: true, configurable: true });
}

const objectWithin = (limits: Limits): fc.Arbitrary<Record<string, unknown>> =>
  fc.dictionary(keyWithin(limits), valueWithin(limits), { maxKeys: 4, noNullPrototype: true });
const plainObject = fc.dictionary(keyWithin(OF_VERBS), fc.jsonValue().map(plain), { maxKeys: 4, noNullPrototype: true });
const steps = fc.uniqueArray(text, { maxLength: 4 }).map((names) => new Set(names));

const timestamp = fc
  .tuple(
    fc.date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true }),
    fc.constantFrom("", ".1", ".000001", ".123456789"),
    fc.constantFrom("Z", "+00:00"),
  )
  .map(([at, fraction, zone]) => at.toISOString().slice(0, 19) + fraction + zone);

const entry = (updates: fc.Arbitrary<Record<string, unknown>>): fc.Arbitrary<ExecutionEntry> =>
  fc.record({ stepRef: text, event: text, timestamp, contextUpdates: fc.option(updates) }, plainly);

// Neither empty nor blank.
const column = text.filter((any) => !/^\p{White_Space}*$/u.test(any));

const instanceOf = (part: fc.Arbitrary<Record<string, unknown>>): fc.Arbitrary<Instance> =>
  fc.record(
    {
      id: column,
      workflow: column,
      workflowVersion: fc.integer({ min: 1, max: 2 ** 31 - 1 }),
      status: fc.constantFrom(...STATUSES),
      currentStep: fc.option(text),
      context: fc.record({ initial: part, steps: part }, plainly),
      stepConfigs: part,
      activeSteps: steps,
      completedSteps: steps,
      executionHistory: fc.array(entry(part), { maxLength: 3 }),
      runtimeMetadata: part,
    },
    plainly,
  );

/** Any instance of plain JSON that every way can store. */
export const plainInstance: fc.Arbitrary<Instance> = instanceOf(plainObject);

const orPlain = (rich: fc.Arbitrary<Instance>): fc.Arbitrary<Instance> =>
  fc.oneof({ weight: 4, arbitrary: rich }, { weight: 1, arbitrary: plainInstance });

/** Any instance that SQL and the memory can store. */
export const instance: fc.Arbitrary<Instance> = orPlain(instanceOf(objectWithin(NONE)));

/** Any instance that Prisma's verbs can store. */
export const instanceOfVerbs: fc.Arbitrary<Instance> = orPlain(instanceOf(objectWithin(OF_VERBS)));

/** Removes what isn't plain from JSON, or can't be stored by every way: -0, NUL, lone surrogates, `__proto__`, large numbers. */
function plain(json: unknown): unknown {
  const text = JSON.stringify(json).replaceAll("\\u0000", "0").replaceAll("__proto__", "proto").toWellFormed();
  return JSON.parse(text, (_, value: unknown) => (typeof value === "number" && !OF_VERBS.isNumber(value) ? 1 / value : value)) as unknown;
}

/** An instance, and what makes it one that would lose something: a hole, or a property that has no place in the stored form. */
export const lossyInstance: fc.Arbitrary<Instance> = fc
  .tuple(plainInstance, text, fc.constantFrom("instance", "context", "entry", "hole", "history", "set"))
  .map(([put, name, place]) => {
    const extra = { [`extra ${name}`]: 1 };
    const entry = { stepRef: "a", event: "b", timestamp: "2026-04-12T10:11:12Z", contextUpdates: null };
    const holes: ExecutionEntry[] = [];
    holes[1] = entry;
    const changes: Readonly<Record<typeof place, object>> = {
      instance: extra,
      context: { context: { ...put.context, ...extra } },
      entry: { executionHistory: [...put.executionHistory, { ...entry, ...extra }] },
      hole: { executionHistory: holes },
      history: { executionHistory: Object.assign([...put.executionHistory], extra) },
      set: { activeSteps: Object.assign(new Set(put.activeSteps), extra) },
    };
    return { ...put, ...changes[place] };
  });
