import type { Cell } from "./slot.js";

export const CONCURRENCIES = [1, 10, 50] as const;
export const OPERATIONS = ["put", "get", "list"] as const;
export const LARGE = ["64 KB", "1 MB"] as const;

export function putMany(durable: boolean): Cell {
  return { operation: "putMany", size: "2 KB", concurrency: 1, durable };
}

export function smallCell(operation: (typeof OPERATIONS)[number], concurrency: number, durable = false): Cell {
  return { operation, size: "2 KB", concurrency, durable };
}

export function largeCell(operation: "put" | "get", size: (typeof LARGE)[number]): Cell {
  return { operation, size, concurrency: 1, durable: false };
}

/** Everything that is measured: the small states, the larger ones, and what commits cost. */
export const CELLS: readonly Cell[] = [
  ...CONCURRENCIES.flatMap((concurrency) => OPERATIONS.map((operation) => smallCell(operation, concurrency))),
  putMany(false),
  ...LARGE.flatMap((size) => [largeCell("put", size), largeCell("get", size)]),
  ...CONCURRENCIES.map((concurrency) => smallCell("put", concurrency, true)),
  putMany(true),
];
