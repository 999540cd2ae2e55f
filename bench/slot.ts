import type { SIZES } from "./workload.js";

export type SizeName = keyof typeof SIZES;
type Operation = "put" | "get" | "list" | "putMany";

/** What is measured against each other: one operation, at one size and one concurrency. */
export interface Cell {
  readonly operation: Operation;
  readonly size: SizeName;
  readonly concurrency: number;
  /** Whether a commit waits for the disk. */
  readonly durable: boolean;
}

/** One turn of one competitor in a cell. */
export interface Slot extends Cell {
  readonly milliseconds: number;
}

/** What a competitor did in its turn. For `putMany`, a row is an operation. */
export interface Sample {
  readonly operations: number;
  readonly perSecond: number;
  /** Milliseconds of the client's CPU, of all its threads, for one operation. */
  readonly cpu: number;
  /** The largest memory that its process ever had, in MB. */
  readonly peakRss: number;
}

export const PUT_MANY_ROWS = 100;

export function cellName({ operation, size, concurrency, durable }: Cell): string {
  return `${operation} ${size} × ${concurrency}${durable ? " durable" : ""}`;
}
