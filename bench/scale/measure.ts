import type { PrismaStorage } from "../../dist/index.js";
import type { Operation } from "./operations.js";
import { percentile } from "./percentile.js";

/** How long an operation takes, in milliseconds. */
export interface Timing {
  readonly median: number;
  readonly p99: number;
  readonly samples: number;
}

const WARM_UP = 20;
const LEAST = 15;
const MOST = 1_000;

/** Times an operation for a while, one call after the other. */
export async function timeOperation(storage: PrismaStorage, operation: Operation, milliseconds: number): Promise<Timing> {
  const warm = performance.now() + milliseconds / 4;
  for (let n = 0; n < WARM_UP && (n === 0 || performance.now() < warm); n++) await operation.run(storage);
  const end = performance.now() + milliseconds;
  const times: number[] = [];
  while (times.length < LEAST || (times.length < MOST && performance.now() < end)) {
    const start = performance.now();
    await operation.run(storage);
    times.push(performance.now() - start);
  }
  return { median: percentile(times, 0.5), p99: percentile(times, 0.99), samples: times.length };
}
