import { checkText } from "../instance/check.js";
import { InvalidInstanceError, InvalidOptionError } from "../errors.js";
import type { Instance } from "../instance/instance.js";
import { describe } from "../messages/describe.js";
import { leaveOut } from "../messages/leave-out.js";
import { quote } from "../messages/quote.js";
import type { Reject } from "../messages/reject.js";
import { isObject } from "../runtime/native-types.js";
import { isSignal } from "../runtime/signals.js";
import { checkList } from "../state/fields.js";
import { isCursor } from "./cursor.js";
import type {
  CallOptions,
  GetOptions,
  ListOptions,
  PruneOptions,
  PutOptions,
  QueryOptions,
  ReadOptions,
  StateOptions,
  StreamOptions,
  UpdateOptions,
} from "./options.js";
import { readPlainObject } from "./plain-object.js";

/** Checks the value of an option. */
type Rule = (value: unknown, reject: Reject) => void;

/** What each option must be. */
export type Rules<Options> = { readonly [name in keyof Options]-?: Rule };

/** A positive integer. */
export const count: Rule = (value, reject) => {
  if (!Number.isSafeInteger(value) || Number(value) <= 0) reject(`expected a positive integer, found ${describe(value)}`);
};

const LONGEST_WAIT = 2 ** 31 - 1; // of a timer

/** A time that a timer can wait. */
export const milliseconds: Rule = (value, reject) => {
  if (!Number.isSafeInteger(value) || Number(value) <= 0 || Number(value) > LONGEST_WAIT)
    reject(`expected an integer from 1 to ${LONGEST_WAIT}, found ${describe(value)}`);
};

/** True or false. */
export const flag: Rule = (value, reject) => {
  if (typeof value !== "boolean") reject(`expected true or false, found ${describe(value)}`);
};

/** A function. */
export const callback: Rule = (value, reject) => {
  if (typeof value !== "function") reject(`expected a function, found ${describe(value)}`);
};

const oneOf =
  (...values: readonly string[]): Rule =>
  (value, reject) => {
    const quoted = values.map((one) => JSON.stringify(one));
    if (!values.some((one) => one === value))
      reject(`expected ${quoted.slice(0, -1).join(", ")} or ${quoted.at(-1)}, found ${describe(value)}`);
  };

const id: Rule = (value, reject) => {
  if (isCursor(checkText(value, reject))) reject("expected an id, found the nextCursor of a list: give that to list, as its cursor");
};

const cursor: Rule = (value, reject) => {
  if (value !== null && value !== undefined) checkText(value, reject);
};

export const CALL_OPTIONS: Rules<CallOptions> = {
  signal: (value, reject) => {
    if (!isSignal(value)) reject(`expected an AbortSignal, found ${describe(value)}`);
  },
};

const READ_OPTIONS: Rules<ReadOptions> = {
  ...CALL_OPTIONS,
  onUnreadable: (value, reject) => {
    if (value !== "throw" && value !== "skip" && typeof value !== "function")
      reject(`expected "throw", "skip" or a function, found ${describe(value)}`);
  },
};

export const STATE_OPTIONS: Rules<StateOptions> = { bigIntegers: oneOf("error", "bigint"), maxStateBytes: count };

export const GET_OPTIONS: Rules<GetOptions> = { ...CALL_OPTIONS, forUpdate: flag };

export const PUT_OPTIONS: Rules<PutOptions> = {
  ...CALL_OPTIONS,
  expected: (value, reject) => {
    if (!isObject(value)) reject(`expected an instance that a storage has read, found ${describe(value)}`);
  },
};

export const UPDATE_OPTIONS: Rules<UpdateOptions> = { ...CALL_OPTIONS, attempts: count };

export const QUERY_OPTIONS: Rules<QueryOptions> = {
  ...READ_OPTIONS,
  limit: count,
  after: id,
  forUpdate: (value, reject) => {
    if (typeof value !== "boolean") oneOf("skip locked", "nowait")(value, reject);
  },
};

export const STREAM_OPTIONS: Rules<StreamOptions> = { ...READ_OPTIONS, batchSize: count, after: id };

export const LIST_OPTIONS: Rules<ListOptions> = {
  ...READ_OPTIONS,
  limit: count,
  cursor,
  orderBy: oneOf("updatedAt", "insertedAt", "id"),
  direction: oneOf("asc", "desc"),
};

export const PRUNE_OPTIONS: Rules<PruneOptions> = {
  ...CALL_OPTIONS,
  batchSize: count,
  dryRun: flag,
  onProgress: callback,
  includeActive: flag,
  all: flag,
};

/** Checks the list that `putMany` was given; not the instances in it. @throws {InvalidInstanceError} for anything but a list without holes. */
export function checkInstances(instances: readonly Instance[]): readonly Instance[] {
  return checkList(instances, "", (path, problem) => {
    throw new InvalidInstanceError(path, `the list of instances is invalid${path && ` at ${path}`}: ${problem}`);
  });
}

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
      throw new InvalidOptionError(name, `the option ${quote(name)} is invalid: ${problem}${value === undefined ? leaveOut(name) : ""}`);
    };
    if (!isRule(name, rules))
      throw new InvalidOptionError(
        name,
        `the option ${quote(name)} is invalid: there is no such option; there are ${Object.keys(rules).join(", ")}`,
      );
    rules[name](value, reject);
  }
}

function isRule<Options>(name: PropertyKey, rules: Rules<Options>): name is keyof Options {
  return Object.hasOwn(rules, name);
}
