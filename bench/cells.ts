import type { Cell } from "./slot.js";

export const CONCURRENCIES = [1, 10, 50] as const;
export const OPERATIONS = ["put", "get", "list"] as const;
export const LARGE = ["64 KB", "1 MB"] as const;

export const PUT_MANY: Cell = { operation: "putMany", size: "2 KB", concurrency: 1 };

export function smallCell(operation: (typeof OPERATIONS)[number], concurrency: number): Cell {
  return { operation, size: "2 KB", concurrency };
}

export function largeCell(operation: "put" | "get", size: (typeof LARGE)[number]): Cell {
  return { operation, size, concurrency: 1 };
}

/** Everything that is measured, the small states first. */
export const CELLS: readonly Cell[] = [
  ...CONCURRENCIES.flatMap((concurrency) => OPERATIONS.map((operation) => smallCell(operation, concurrency))),
  PUT_MANY,
  ...LARGE.flatMap((size) => [largeCell("put", size), largeCell("get", size)]),
];
