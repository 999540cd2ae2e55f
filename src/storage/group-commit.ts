import { clearTimeout, setImmediate, setTimeout } from "../runtime/timers.js";
import { NotStoredError, OutcomeUnknownError, StorageError } from "../errors.js";
import { flag, type Rules } from "./check-options.js";
import { outcomeUnknown } from "./outcome-unknown.js";
import type { CheckedRow } from "../state/row.js";

/** How concurrent puts are written. */
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
// A batch that takes longer may hang for ever: it no longer counts as in flight, so that it stops only the puts of its own ids.
const PATIENCE_MS = 5_000;

/**
 * Group commit: a row goes out at once if no write is in flight. Rows that arrive meanwhile go out together, as one
 * statement. The rows of an id keep their order. If a batch fails, its rows go singly, and each call settles by its own
 * row's fate; but if the batch may have been carried out, nothing is written again, and the outcome of each is unknown.
 */
export function createGroupCommit(writeRows: WriteRows): (row: CheckedRow) => Promise<void> {
  let waiting: Job[] = [];
  let inFlight = 0;
  let gathering = false;
  const busy = new Set<string>(); // the ids whose rows are in flight

  /** Waits for the puts of this turn of the event loop. */
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

  /** Takes an equal share of all rows for each batch: else a large one and a small one would take turns for ever. */
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
    const land = takeOff();
    try {
      await writeRows(batch.map(({ row }) => row));
      for (const { resolve } of batch) resolve();
    } catch (error) {
      await settle(batch, error);
    } finally {
      land();
      for (const { row } of batch) busy.delete(row.id);
      if (waiting.length > 0) gather(); // whose put has just ended may put again
    }
  };

  /** Counts a batch as in flight until it has landed, or has taken too long. */
  const takeOff = (): (() => void) => {
    inFlight++;
    const overdue = setTimeout(() => {
      inFlight--;
      land = () => {};
      pump();
    }, PATIENCE_MS).unref();
    let land = (): void => {
      clearTimeout(overdue);
      inFlight--;
    };
    return () => land();
  };

  const settle = async (batch: readonly Job[], error: unknown): Promise<void> => {
    if (error instanceof OutcomeUnknownError) for (const { row, reject } of batch) reject(outcomeUnknown([row.id], error.cause));
    else if (batch.length === 1 || isOfEachRow(error)) for (const { reject } of batch) reject(error);
    else await writeSingly(batch);
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

/** Whether an error concerns every row and not a single one, such as a timeout. */
function isOfEachRow(error: unknown): boolean {
  return error instanceof StorageError && !(error instanceof NotStoredError);
}
