import { checkText } from "../instance/check.js";
import { isObject } from "../runtime/native-types.js";
import type { Reject } from "../messages/reject.js";
import { describe } from "../messages/describe.js";
import { readPlainObject } from "./plain-object.js";
import { InvalidOptionError } from "../errors.js";
import type { ListOptions, PruneOptions, PutOptions, QueryOptions, StateOptions, StreamOptions, UpdateOptions } from "./options.js";
import { quote } from "../messages/quote.js";

/** A positive integer. */
export const count = (value: unknown, reject: Reject): void => {
  if (!Number.isSafeInteger(value) || Number(value) <= 0) reject(`expected a positive integer, found ${describe(value)}`);
};

const onUnreadable = (value: unknown, reject: Reject): void => {
  if (value !== "throw" && value !== "skip" && typeof value !== "function")
    reject(`expected "throw", "skip" or a function, found ${describe(value)}`);
};

/** True or false. */
export const flag = (value: unknown, reject: Reject): void => {
  if (typeof value !== "boolean") reject(`expected true or false, found ${describe(value)}`);
};

/** A function. */
export const callback = (value: unknown, reject: Reject): void => {
  if (typeof value !== "function") reject(`expected a function, found ${describe(value)}`);
};

const text = (value: unknown, reject: Reject): void => void checkText(value, reject);

const signal = (value: unknown, reject: Reject): void => {
  if (!(value instanceof AbortSignal)) reject(`expected an AbortSignal, found ${describe(value)}`);
};

const oneOf =
  (...values: readonly string[]) =>
  (value: unknown, reject: Reject): void => {
    const quoted = values.map((one) => JSON.stringify(one));
    if (!values.some((one) => one === value))
      reject(`expected ${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}, found ${describe(value)}`);
  };

/** What each option must be. */
export type Rules<Options> = { readonly [name in keyof Options]-?: (value: unknown, reject: Reject) => void };

export const STATE_OPTIONS: Rules<StateOptions> = { bigIntegers: oneOf("error", "bigint"), maxStateBytes: count };

export const PUT_OPTIONS: Rules<PutOptions> = {
  expected: (value, reject) => {
    if (!isObject(value)) reject(`expected an instance that a storage has read, found ${describe(value)}`);
  },
};

export const UPDATE_OPTIONS: Rules<UpdateOptions> = { attempts: count, signal };

export const QUERY_OPTIONS: Rules<QueryOptions> = {
  limit: count,
  after: text,
  onUnreadable,
};

export const STREAM_OPTIONS: Rules<StreamOptions> = {
  batchSize: count,
  after: text,
  onUnreadable,
};

export const LIST_OPTIONS: Rules<ListOptions> = {
  limit: count,
  after: text,
  orderBy: oneOf("updatedAt", "insertedAt", "id"),
  direction: oneOf("asc", "desc"),
  onUnreadable,
};

export const PRUNE_OPTIONS: Rules<PruneOptions> = {
  batchSize: count,
  dryRun: flag,
  signal,
  onProgress: callback,
  includeActive: flag,
  all: flag,
};

/**
 * Checks options, and returns what was checked: each of them is read once.
 *
 * @throws {InvalidOptionError} for one that is unknown, `undefined` or impossible, and for options that aren't a plain object.
 */
export function checkOptions<Options extends object>(options: Options, rules: Rules<Options>): Options {
  const given: object = readPlainObject(options, (problem) => {
    throw new InvalidOptionError("", `the options are invalid: ${problem}`);
  });
  assertOptions(given, rules);
  return given;
}

function assertOptions<Options extends object>(given: object, rules: Rules<Options>): asserts given is Options {
  for (const [name, value] of Object.entries(given)) {
    const reject: Reject = (problem) => {
      throw new InvalidOptionError(name, `the option ${quote(name)} is invalid: ${problem}`);
    };
    if (!isRule(name, rules)) reject(`there is no such option; there are ${Object.keys(rules).join(", ")}`);
    else rules[name](value, reject);
  }
}

function isRule<Options>(name: PropertyKey, rules: Rules<Options>): name is keyof Options {
  return Object.hasOwn(rules, name);
}
