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

const key = fc
  .oneof(text, fc.constantFrom("constructor", "prototype", "\\constructor", "toString", "a.b", ""))
  .filter((any) => any !== "__proto__");

// Objects without a prototype are read back with one.
const plainly = { noNullPrototype: true } as const;

const date = fc.date({ noInvalidDate: true });

/** Any value that a round trip must preserve. */
const value: fc.Arbitrary<unknown> = fc.letrec<{ any: unknown }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    fc.oneof(anyText, fc.double(), fc.integer(), fc.boolean(), fc.constantFrom(null, undefined, -0, 2 ** 53, 1e23, 5e-324)),
    fc.oneof(
      date,
      fc.bigInt(),
      fc.constantFrom(/a\/b/gi, /\0\ud800/u, new URL("https://example.com/?q=%00")),
      fc.uint8Array(),
      fc.int16Array(),
      fc.float64Array(),
      fc.bigInt64Array(),
      anyText.map((message) => new TypeError(message, { cause: message })),
      fc.tuple(anyText, tie("any"), key).map(([message, any, own]) => Object.assign(new Error(message, { cause: any }), { [own]: any })),
    ),
    fc.array(tie("any"), { maxLength: 4 }),
    fc.dictionary(key, tie("any"), { maxKeys: 4, noNullPrototype: true }),
    fc.array(fc.tuple(tie("any"), tie("any")), { maxLength: 3 }).map((entries) => new Map(entries)),
    fc.array(tie("any"), { maxLength: 3 }).map((items) => new Set(items)),
  ),
})).any;

const object = fc.dictionary(key, value, { maxKeys: 4, noNullPrototype: true });
const plainObject = fc.dictionary(key, fc.jsonValue().map(plain), { maxKeys: 4, noNullPrototype: true });
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

/** Any instance of plain JSON. */
export const plainInstance: fc.Arbitrary<Instance> = instanceOf(plainObject);

/** Any instance that can be stored. */
export const instance: fc.Arbitrary<Instance> = fc.oneof(
  { weight: 4, arbitrary: instanceOf(object) },
  { weight: 1, arbitrary: plainInstance },
);

/** Removes what isn't plain from JSON: -0, NUL, lone surrogates, `__proto__`. */
function plain(json: unknown): unknown {
  return JSON.parse(JSON.stringify(json).replaceAll("\\u0000", "0").replaceAll("__proto__", "proto").toWellFormed()) as unknown;
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

/** Stored meta as anybody could write it: words of ours in places where they mean nothing. */
export const forgedMeta: fc.Arbitrary<unknown> = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 5, depthSize: "small" },
    fc.constantFrom<unknown>("Date", "map", "set", "bigint", "number", "undefined", "URL", "regexp", "constructor", "__proto__", null, 1e8),
    fc.tuple(fc.constantFrom("custom", "typed-array", "error"), fc.constantFrom<unknown>("text", "regexp", "Uint8Array", "toString", {})),
    fc.tuple(tie("tree")),
    fc.tuple(tie("tree"), tie("tree")),
    fc.dictionary(
      fc.constantFrom("a", "0", "a.0", "runtime_metadata", "runtime_metadata.a", "__proto__", "class", "rest", "values"),
      tie("tree"),
    ),
  ),
})).tree;
