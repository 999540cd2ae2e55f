import { flag, type Rules } from "./check-options.js";
import type { CheckedRow } from "../serialization/row.js";

/** How puts that meet are written. */
export interface GroupCommitOptions {
  /**
   * Whether `put` calls that arrive while three writes are in flight go out together, as one statement. A lone `put` goes
   * out at once either way. It is raw SQL, with half of the overhead of Prisma's `upsert`.
   *
   * A statement runs in the async context (`AsyncLocalStorage`, the active span) of one of its puts. Leave it off if your
   * pool or driver adapter asks that context which tenant or connection to use. On a client with query extensions, which
   * may ask too, puts are never coalesced, whatever `allowRawSql` says.
   *
   * @defaultValue `false`
   */
  readonly coalesceWrites?: boolean;
}

export const GROUP_COMMIT_OPTIONS: Rules<GroupCommitOptions> = { coalesceWrites: flag };

/** Writes all rows or none, in one statement. */
export type WriteRows = (rows: readonly CheckedRow[]) => Promise<void>;

interface Job {
  readonly row: CheckedRow;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

// While one batch is written, another is on its way and the next one gathers: client, network and server work at once.
const MAX_IN_FLIGHT = 3;
const MAX_ROWS = 200;

/**
 * Group commit: a row goes out at once where no write is in flight; those that arrive meanwhile go out together, as
 * one statement. The rows of an id keep their order. When a batch fails, its rows go singly, and each call settles by
 * its own row's fate.
 */
export function createGroupCommit(writeRows: WriteRows): (row: CheckedRow) => Promise<void> {
  let waiting: Job[] = [];
  let inFlight = 0;
  let gathering = false;
  const busy = new Set<string>(); // the ids whose rows are in flight

  /** Lets those who put in this turn of the event loop go along. */
  const gather = (): void => {
    if (gathering) return;
    gathering = true;
    setImmediate(() => {
      gathering = false;
      pump();
    });
  };

  const pump = (): void => {
    while (inFlight < MAX_IN_FLIGHT && waiting.length > 0) {
      const batch = take();
      if (batch.length === 0) return; // every row waits for an earlier one of its id
      void write(batch);
    }
  };

  /** An equal share of all rows for each batch: else a large one and a small one would take turns for ever. */
  const take = (): Job[] => {
    const share = Math.min(MAX_ROWS, Math.ceil((waiting.length + busy.size) / MAX_IN_FLIGHT));
    const batch: Job[] = [];
    const rest: Job[] = [];
    for (const job of waiting) (batch.length < share && !busy.has(job.row.id) ? batch : rest).push(job);
    waiting = rest;
    return batch;
  };

  const write = async (batch: readonly Job[]): Promise<void> => {
    for (const { row } of batch) busy.add(row.id);
    inFlight++;
    try {
      await writeRows(batch.map(({ row }) => row));
      for (const { resolve } of batch) resolve();
    } catch (error) {
      if (batch.length === 1) batch[0]?.reject(error);
      else await writeSingly(batch);
    } finally {
      inFlight--;
      for (const { row } of batch) busy.delete(row.id);
      if (waiting.length > 0) gather(); // whose put has just ended may put again
    }
  };

  const writeSingly = async (batch: readonly Job[]): Promise<void> => {
    const chains = new Map<string, Promise<void>>();
    for (const { row, resolve, reject } of batch) {
      const before = chains.get(row.id) ?? Promise.resolve();
      chains.set(row.id, before.then(() => writeRows([row])).then(resolve, reject));
    }
    await Promise.all(chains.values());
  };

  return (row) =>
    new Promise((resolve, reject) => {
      waiting.push({ row, resolve, reject });
      if (inFlight === 0) pump();
      else gather();
    });
}
