import fc from "fast-check";
import { text } from "./arbitraries.js";
import { doubles, type Json, listOf, type Members, membersOf, objectOf, string, valueOf } from "./arbitrary-json.js";

type Member = fc.Arbitrary<readonly [key: string, json: string | null]>;

const memberOf = (key: string, value: fc.Arbitrary<string | null>): Member => value.map((json) => [key, json]);

/** An object of these members, and sometimes others. */
function objectWith(members: readonly Member[], keys: readonly string[], other: Json): fc.Arbitrary<Members> {
  const more = fc.oneof(
    { weight: 3, arbitrary: fc.constant<Members>([]) },
    { weight: 1, arbitrary: membersOf(other, [...keys, "value_types"]) },
  );
  return fc.tuple(fc.tuple(...members), more).map(([known, unknown]) => [...known, ...unknown]);
}

const timestamp = fc
  .oneof(fc.constantFrom("2026-04-12T10:11:12.345678Z", "2026-04-12T10:11:12+02:00", "yesterday"), text)
  .map((any) => JSON.stringify(any));

/** The parts of a state: mostly what belongs there, and sometimes nothing, null or anything else. */
function partsWith(number: Json): fc.Arbitrary<Members> {
  const value = valueOf(number);
  const object = membersOf(value).map(objectOf);
  const names = fc.array(string, { maxLength: 4 }).map(listOf);
  const part = (key: string, good: Json): Member => {
    const missing = fc.constantFrom(null, "null");
    return memberOf(key, fc.oneof({ weight: 60, arbitrary: good }, { weight: 12, arbitrary: missing }, { weight: 1, arbitrary: value }));
  };
  const context = objectWith([part("initial", object), part("steps", object)], ["initial", "steps"], value).map(objectOf);
  const texts = [memberOf("step_ref", string), memberOf("event", string), memberOf("timestamp", timestamp)];
  const updates = ["step_ref", "event", "timestamp", "context_updates"];
  const entry = objectWith([...texts, part("context_updates", object)], updates, value).map(objectOf);
  const parts: Readonly<Record<string, Json>> = {
    current_step: string,
    context,
    step_configs: object,
    active_steps: names,
    completed_steps: names,
    execution_history: fc.array(entry, { maxLength: 2 }).map(listOf),
    runtime_metadata: object,
  };
  const known = Object.entries(parts).map(([key, good]) => part(key, good));
  return objectWith(known, Object.keys(parts), value);
}

const WORDS = ["Date", "map", "set", "bigint", "number", "undefined", "text", "constructor", "__proto__"] as const;

interface Typed {
  readonly json: string;
  /** What it was, as JSON. */
  readonly type: string;
}

/** JSON that is what our writer writes of a value, and JSON that may be. */
function typedWith(number: Json): fc.Arbitrary<Typed> {
  const scalar = fc.constantFrom<Typed>(
    { json: "null", type: '"undefined"' },
    { json: '"NaN"', type: '"number"' },
    { json: '"-0"', type: '"number"' },
    { json: "9007199254740992", type: '"number"' },
    { json: '"5"', type: '"bigint"' },
    { json: '"9007199254740993"', type: '"bigint"' },
    { json: '"1970-01-01T00:00:00.000Z"', type: '"Date"' },
    { json: '"a\\\\u0000"', type: '"text"' },
    { json: '[["a", 1], [[], {}]]', type: '"map"' },
  );
  const value = valueOf(number);
  const set = fc.array(value, { maxLength: 3 }).map((items) => ({ json: listOf(items), type: '"set"' }));
  const error = value.map((code) => ({
    json: '{"name": "Error", "message": "x"}',
    type: `["error", {"class": "Error", "rest": {"code": ${code}}}]`,
  }));
  const any = fc.tuple(value, fc.constantFrom(...WORDS)).map(([json, word]) => ({ json, type: JSON.stringify(word) }));
  return fc.oneof(
    { weight: 6, arbitrary: scalar },
    { weight: 2, arbitrary: set },
    { weight: 2, arbitrary: error },
    { weight: 1, arbitrary: any },
  );
}

const PLACES = ["runtime_metadata", "step_configs", "later"];

/** Puts typed values into known places and into one that this version doesn't know. */
function withTyped(parts: Members, values: readonly Typed[]): Members {
  const places = PLACES.slice(0, values.length);
  const jsons = values.map(({ json }, index) => [places[index] ?? "", objectOf([["a", json]])] as const);
  const types = values.map(({ type }, index) => [`${places[index]}.a`, type] as const);
  const meta = objectOf([["v", "1"], ["values", objectOf(types)]]); // prettier-ignore
  return [...parts.filter(([key]) => !places.includes(key)), ...jsons, ["value_types", meta]];
}

/** Types of any shape: words of ours in places where they mean nothing. */
const forgedTypes: Json = fc.oneof(
  fc
    .letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5, depthSize: "small" },
        fc.constantFrom<unknown>(...WORDS, null, 1, 2, 1e8),
        fc.tuple(fc.constant("error"), tie("tree")),
        fc.array(tie("tree"), { maxLength: 2 }),
        fc.dictionary(fc.constantFrom("v", "values", "a", "runtime_metadata.a", "class", "rest", "__proto__"), tie("tree")),
      ),
    }))
    .tree.map((tree) => JSON.stringify(tree)),
  fc
    .tuple(
      fc.constantFrom("1", "2"),
      fc.dictionary(
        fc.constantFrom("", "a", "runtime_metadata", "runtime_metadata.a", "context.initial.a.0", "later.a", "a\\.b", "a\\", "__proto__"),
        fc.oneof(fc.constantFrom<unknown>(...WORDS), fc.constant(["error", { class: "Error" }])),
      ),
    )
    .map(([v, values]) => objectOf([["v", v], ["values", JSON.stringify(values)]])), // prettier-ignore
);

/** JSON texts of states as any writer can have stored them, with numbers of these. */
export function states(number: Json): Json {
  const parts = partsWith(number);
  const values = fc.array(typedWith(number), { minLength: 1, maxLength: PLACES.length });
  return fc
    .oneof(
      { weight: 4, arbitrary: parts },
      { weight: 3, arbitrary: fc.tuple(parts, values).map(([some, typed]) => withTyped(some, typed)) },
      { weight: 1, arbitrary: fc.tuple(parts, forgedTypes).map(([some, types]): Members => [...some, ["value_types", types]]) },
    )
    .map(objectOf);
}

/** Well-formed states with one such number somewhere. */
export function statesWith(number: Json): fc.Arbitrary<{ readonly state: string; readonly path: RegExp }> {
  const path = fc.array(fc.constantFrom("a", 0), { maxLength: 5 });
  return fc.tuple(number, path, membersOf(doubles, ["big"])).map(([json, places, others]) => {
    const inner = places.reduceRight<string>((value, place) => (place === 0 ? listOf([value]) : objectOf([["a", value]])), json);
    const shown = places.map((place) => (place === 0 ? "\\[0\\]" : "\\.a")).join("");
    return {
      state: objectOf([["runtime_metadata", objectOf([...others, ["big", inner]])]]),
      path: new RegExp(`^state\\.runtime_metadata\\.big${shown}$`),
    };
  });
}
