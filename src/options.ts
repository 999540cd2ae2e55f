import { checkObject, type Refuse } from "./check.js";
import { describe } from "./describe.js";
import { InvalidOptionError } from "./errors.js";
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
}

/** How a listing answers. */
export interface QueryOptions {
  /**
   * What becomes of rows that match and can't be handed out: `"throw"` raises the first one's error, `"skip"` leaves
   * them out, a function is told each error, and they are left out. `"throw"` where it is left out.
   */
  readonly onCorrupt?: OnCorrupt;
}

type Rules<Options> = { readonly [name in keyof Options]-?: (value: unknown, refuse: Refuse) => void };

export const STORAGE_OPTIONS: Rules<StorageOptions> = {
  bigIntegers: (value, refuse) => {
    if (value !== "error" && value !== "bigint") refuse(`expected "error" or "bigint", found ${describe(value)}`);
  },
  maxStateBytes: (value, refuse) => {
    if (!Number.isSafeInteger(value) || Number(value) <= 0) refuse(`expected a positive integer, found ${describe(value)}`);
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
