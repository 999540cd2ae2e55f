import fc from "fast-check";
import { text } from "./arbitraries.js";

/** JSON texts. */
export type Json = fc.Arbitrary<string>;

/** Keys and the JSON texts under them; what is missing is `null`. */
export type Members = readonly (readonly [key: string, json: string | null])[];

export const listOf = (items: readonly string[]): string => `[${items.join(", ")}]`;

export const objectOf = (members: Members): string =>
  `{${members.flatMap(([name, json]) => (json === null ? [] : [`${JSON.stringify(name)}: ${json}`])).join(", ")}}`;

const digits = fc
  .string({ unit: fc.constantFrom(..."0123456789"), minLength: 1, maxLength: 30 })
  .map((any) => any.replace(/^0+(?=\d)/, ""));

const spelt = fc
  .tuple(fc.constantFrom("", "-"), digits, fc.option(digits), fc.option(fc.integer({ min: -1_100, max: 1_100 })))
  .map(([sign, whole, fraction, power]) => sign + whole + (fraction === null ? "" : `.${fraction}`) + (power === null ? "" : `e${power}`));

const edges = [
  "9007199254740991",
  "9007199254740992",
  "-9007199254740993",
  "4503599627370497.25",
  "1.000000000000000001",
  "1e23",
  "1e-400",
];

/** Numbers that are the same once they have been JavaScript numbers, and not beyond ±(2^53−1). */
export const doubles: Json = fc.oneof(
  fc.constantFrom("0", "-0", "0.0", "1.50", "1E+2", "9007199254740991", "-9007199254740991", "4503599627370495.5", "5e-324"),
  fc.double({ min: -(2 ** 53) + 1, max: 2 ** 53 - 1, noNaN: true }).map(String),
  fc.integer().map(String),
);

/** Integers beyond ±(2^53−1), and what is rounded to one. */
export const largeNumbers: Json = fc.oneof(
  fc.bigInt({ min: 2n ** 53n, max: 10n ** 40n }).map(String),
  fc.bigInt({ min: -(10n ** 40n), max: -(2n ** 53n) }).map(String),
  fc.constantFrom("9007199254740992.5", "1e23", "-1.7e308", "1e400"),
);

/** Numbers as any writer spells them, of any number of digits. */
export const anyNumber: Json = fc.oneof(doubles, digits, spelt, fc.constantFrom(...edges));

export const string: Json = fc
  .oneof(text, fc.constantFrom("NaN", "-0", "123", "1970-01-01T00:00:00.000Z", "\\u0000", "Json", "DateTime"))
  .map((any) => JSON.stringify(any));

const key = fc.oneof(
  { weight: 8, arbitrary: text },
  { weight: 4, arbitrary: fc.constantFrom("constructor", "toJSON", "$type", "value", "values", "a", "a.b", "0", "") },
  { weight: 1, arbitrary: fc.constantFrom("__proto__", "__prismaRawParameters__") },
);

/** Members of an object: no key twice, and none of those that are reserved. */
export const membersOf = (value: Json, reserved: readonly string[] = []): fc.Arbitrary<Members> => {
  const free = key.filter((any) => !reserved.includes(any));
  return fc.uniqueArray(fc.tuple(free, value), { maxLength: 4, selector: ([name]) => name });
};

/** Values of any kind, seldom nested so deep that no storage reads them. */
export function valueOf(number: Json): Json {
  const { any } = fc.letrec<{ any: string }>((tie) => ({
    any: fc.oneof(
      { maxDepth: 4, depthSize: "small" },
      fc.oneof(number, string, fc.constantFrom("null", "true", "false")),
      fc.array(tie("any"), { maxLength: 4 }).map(listOf),
      membersOf(tie("any")).map(objectOf),
    ),
  }));
  const deep = fc
    .tuple(any, fc.integer({ min: 100, max: 1_100 }), fc.constantFrom(["[", "]"] as const, ['{"a": ', "}"] as const))
    .map(([inner, levels, [open, close]]) => open.repeat(levels) + inner + close.repeat(levels));
  return fc.oneof({ weight: 60, arbitrary: any }, { weight: 1, arbitrary: deep });
}
