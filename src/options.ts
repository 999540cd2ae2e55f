import { checkObject, isObject, type Refuse } from "./check.js";
import { describe } from "./describe.js";
import { InvalidOptionError } from "./errors.js";
import type { Instance } from "./instance.js";
import type { OnCorrupt } from "./reader.js";

/** How a storage behaves. */
export interface StorageOptions {
  /**
   * What becomes of integers beyond ±(2^53−1) in a stored state whose digits a JavaScript number can't hold (Elixir
   * and psql store 64-bit ids): `"error"` raises `PRECISION_LOSS`, `"bigint"` hands them out as BigInts, and writes
   * such BigInts back as the same JSON numbers. `"error"` where it is left out.
   */
  readonly bigIntegers?: "error" | "bigint";
  /** The largest state that `put` takes, in bytes of its JSON in UTF-8. No limit where it is left out. */
  readonly maxStateBytes?: number;
  /**
   * Whether `put` calls that arrive while a write is in flight go out together, as one statement. A lone `put` goes
   * out at once either way. `false` where it is left out.
   */
  readonly coalesceWrites?: boolean;
  /**
   * How calls are tried again when the connection is lost, none is free in time, or the database breaks a deadlock;
   * `false` for not at all. Never inside your transaction. Where it is left out: 8 attempts, with random waits below
   * 50, 100, 200 … 2,000 ms, so three seconds on average.
   */
  readonly retry?: RetryOptions | false;
}

/** How calls are tried again. */
export interface RetryOptions {
  /** How often a call is tried in all; 8 where it is left out. */
  readonly attempts?: number;
  /** Upper bound of the first wait, in milliseconds; it doubles with each attempt. 50 where it is left out. */
  readonly minDelayMs?: number;
  /** Upper bound of every wait, in milliseconds; 2,000 where it is left out. */
  readonly maxDelayMs?: number;
}

/** How an instance is put. */
export interface PutOptions {
  /** Stores only where the stored instance is still this one, which this storage has read: the very object, no copy. */
  readonly expected?: Instance;
}

/** How an instance is updated. */
export interface UpdateOptions {
  /** How often read, change and compare-and-swap are tried in all; 100 where it is left out. */
  readonly attempts?: number;
  /** Ends the attempts: the next one isn't begun, and the call is rejected with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** How a listing answers. */
export interface QueryOptions {
  /**
   * What becomes of rows that match and can't be handed out: `"throw"` raises the first one's error, `"skip"` leaves
   * them out, a function is told each error, and they are left out. `"throw"` where it is left out.
   */
  readonly onCorrupt?: OnCorrupt;
}

const count = (value: unknown, refuse: Refuse): void => {
  if (!Number.isSafeInteger(value) || Number(value) <= 0) refuse(`expected a positive integer, found ${describe(value)}`);
};

type Rules<Options> = { readonly [name in keyof Options]-?: (value: unknown, refuse: Refuse) => void };

export const STORAGE_OPTIONS: Rules<StorageOptions> = {
  bigIntegers: (value, refuse) => {
    if (value !== "error" && value !== "bigint") refuse(`expected "error" or "bigint", found ${describe(value)}`);
  },
  maxStateBytes: count,
  coalesceWrites: (value, refuse) => {
    if (typeof value !== "boolean") refuse(`expected true or false, found ${describe(value)}`);
  },
  retry: (value, refuse) => {
    if (value === false) return;
    if (!isObject(value)) refuse(`expected false or an object, found ${describe(value)}`);
    else checkOptions(value, RETRY_OPTIONS);
  },
};

const RETRY_OPTIONS: Rules<RetryOptions> = { attempts: count, minDelayMs: count, maxDelayMs: count };

export const PUT_OPTIONS: Rules<PutOptions> = {
  expected: (value, refuse) => {
    if (!isObject(value)) refuse(`expected an instance that this storage has read, found ${describe(value)}`);
  },
};

export const UPDATE_OPTIONS: Rules<UpdateOptions> = {
  attempts: count,
  signal: (value, refuse) => {
    if (!(value instanceof AbortSignal)) refuse(`expected an AbortSignal, found ${describe(value)}`);
  },
};

export const QUERY_OPTIONS: Rules<QueryOptions> = {
  onCorrupt: (value, refuse) => {
    if (value !== "throw" && value !== "skip" && typeof value !== "function")
      refuse(`expected "throw", "skip" or a function, found ${describe(value)}`);
  },
};

/** The options, once it is sure that they are some. @throws {InvalidOptionError} for one that is unknown, `undefined` or impossible. */
export function checkOptions<Options extends object>(options: Options, rules: Rules<Options>): Options {
  const refuse = (option: string, problem: string): never => {
    throw new InvalidOptionError(option, `the option ${JSON.stringify(option)} is invalid: ${problem}`);
  };
  const checks = new Map(Object.entries<Rules<Options>[keyof Options]>(rules));
  for (const [name, value] of Object.entries(checkObject(options, (problem) => refuse("", problem)))) {
    const check = checks.get(name) ?? refuse(name, `there is no such option; there are ${[...checks.keys()].join(", ")}`);
    check(value, (problem) => refuse(name, problem));
  }
  return options;
}
