import type { SizeName } from "./workload.js";

/** The operations that every candidate has. */
export const OPERATIONS = ["put", "get", "list"] as const;
export const CONCURRENCIES = [1, 10, 50] as const;
export const LARGE_SIZES = ["64 KB", "1 MB"] as const;
/** How many instances one call of `putMany` stores. */
export const PUT_MANY_ROWS = 100;

/** What the candidates are compared in: one operation, at one size and one concurrency. */
export interface Case {
  /** `putMany` is measured for the candidates that have it. */
  readonly operation: (typeof OPERATIONS)[number] | "putMany";
  readonly size: SizeName;
  readonly concurrency: number;
  /** Whether a commit waits for the disk. */
  readonly durable: boolean;
}

export function smallCase(operation: (typeof OPERATIONS)[number], concurrency: number, durable = false): Case {
  return { operation, size: "2 KB", concurrency, durable };
}

/** The same with prices of 15 to 17 digits. */
export function longDoublesCase(operation: (typeof OPERATIONS)[number]): Case {
  return { operation, size: "2 KB, long doubles", concurrency: 10, durable: false };
}

export function largeCase(operation: "put" | "get", size: (typeof LARGE_SIZES)[number]): Case {
  return { operation, size, concurrency: 1, durable: false };
}

export function putManyCase(durable: boolean): Case {
  return { operation: "putMany", size: "2 KB", concurrency: 1, durable };
}

/** All cases: the small states, the large ones, and what commits cost. */
export const CASES: readonly Case[] = [
  ...CONCURRENCIES.flatMap((concurrency) => OPERATIONS.map((operation) => smallCase(operation, concurrency))),
  putManyCase(false),
  ...OPERATIONS.map(longDoublesCase),
  ...LARGE_SIZES.flatMap((size) => [largeCase("put", size), largeCase("get", size)]),
  ...CONCURRENCIES.map((concurrency) => smallCase("put", concurrency, true)),
  putManyCase(true),
];

/** The name of a case, for the console, the result file and `--cases`: `put-2KB-x10`, `put-2KB-x10-durable`. */
export function caseName({ operation, size, concurrency, durable }: Case): string {
  return `${operation}-${size.replaceAll(/[ ,]+/g, "")}-x${concurrency}${durable ? "-durable" : ""}`;
}
