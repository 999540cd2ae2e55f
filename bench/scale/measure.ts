import type { PrismaStorage } from "../../dist/index.js";
import { median, percentile } from "../statistics.js";
import type { Operation } from "./operations.js";

/** How long an operation takes, in milliseconds. */
export interface Timing {
  readonly median: number;
  readonly p99: number;
  readonly samples: number;
}

const WARM_UP_CALLS = 20;
const MIN_SAMPLES = 15;
const MAX_SAMPLES = 1_000;

/** Times an operation for a while, one call after the other. */
export async function timeOperation(storage: PrismaStorage, operation: Operation, milliseconds: number): Promise<Timing> {
  const warm = performance.now() + milliseconds / 4;
  for (let n = 0; n < WARM_UP_CALLS && (n === 0 || performance.now() < warm); n++) await operation.run(storage);
  const end = performance.now() + milliseconds;
  const times: number[] = [];
  while (times.length < MIN_SAMPLES || (times.length < MAX_SAMPLES && performance.now() < end)) {
    const start = performance.now();
    await operation.run(storage);
    times.push(performance.now() - start);
  }
  return { median: median(times), p99: percentile(times, 0.99), samples: times.length };
}
