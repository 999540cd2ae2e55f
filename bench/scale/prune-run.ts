import type { InstanceStorage } from "../../dist/index.js";
import type { ScaleDatabase } from "./database.js";
import { explain, type Plan } from "./plan.js";

/** A large prune. */
export interface PruneRun {
  readonly deleted: number;
  readonly perSecond: number;
  /** Instances a second in the first and in the last tenth of its batches. */
  readonly first: number;
  readonly last: number;
  /** Whether it finished within its time. */
  readonly finished: boolean;
  /** Of its statement after the first batch. */
  readonly plan: Plan;
}

const MAX_MILLISECONDS = 60_000;

/** Deletes the instances that have been finished for more than 30 days, for at most a minute. */
export async function pruneMany(database: ScaleDatabase, batchSize = 500): Promise<PruneRun> {
  const updatedBefore = new Date(Date.now() - 30 * 24 * 60 * 60 * 1000);
  const controller = new AbortController();
  const times = [performance.now()];
  let deleted = 0;
  const onProgress = (pruned: number): void => {
    deleted = pruned;
    const now = performance.now();
    times.push(now);
    if (now - (times[0] ?? now) > MAX_MILLISECONDS) controller.abort();
  };
  const prune = (storage: InstanceStorage, { signal }: AbortController, progress: (pruned: number) => void): Promise<unknown> =>
    storage
      .prune({ statusIn: ["completed", "failed"], updatedBefore }, { batchSize, signal, onProgress: progress })
      .catch((error: unknown) => {
        if (error !== signal.reason) throw error;
      });
  const first = new AbortController();
  const statement = await database.lastStatementOf((storage) => prune(storage, first, () => first.abort()));
  const plan = await explain(database, statement);
  times[0] = performance.now();
  await prune(database.storage, controller, onProgress);
  const tenth = Math.max(1, Math.floor((times.length - 1) / 10));
  const rate = (from: number, to: number): number => ((to - from) * batchSize * 1000) / ((times[to] ?? NaN) - (times[from] ?? NaN));
  const end = times.length - 1;
  return {
    deleted,
    perSecond: (deleted * 1000) / ((times[end] ?? NaN) - (times[0] ?? NaN)),
    first: rate(0, tenth),
    last: rate(end - tenth, end),
    finished: !controller.signal.aborted,
    plan,
  };
}
