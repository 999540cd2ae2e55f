import { InstanceNotFoundError } from "../errors.js";
import type { Instance } from "../instance/instance.js";
import { quote } from "../messages/quote.js";
import { throwIfAborted } from "../runtime/signals.js";
import { type ReadRow, type TextRow, toTextRow } from "../state/row.js";
import { backOff } from "./backoff.js";
import { count } from "./observability/tally.js";
import type { InstanceChange, UpdateOptions } from "./options.js";
import type { RowStore } from "./row-store.js";
import { explainEqual, explainLostSwap } from "./swap.js";

/** What an update does with rows and instances. */
export interface Updating {
  readonly store: RowStore;
  readonly read: (row: ReadRow) => Instance;
  readonly write: (instance: Instance) => TextRow;
  /** Stores an instance if a row is still stored. Returns it as it is stored, or `null` if another row is. */
  readonly swap: (expected: TextRow, next: Instance, signal: AbortSignal | undefined) => Promise<Instance | null>;
}

// Thirty writers on one row seldom lose more than twenty times in a row.
const ATTEMPTS = 100;
const BACKOFF = { minDelayMs: 4, maxDelayMs: 250 };

/** Reads, changes, and swaps if nobody else has written meanwhile; otherwise begins again. */
export async function updateInstance(
  { store, read, write, swap }: Updating,
  id: string,
  change: InstanceChange,
  { attempts = ATTEMPTS, signal }: UpdateOptions,
): Promise<Instance> {
  let lost: TextRow | undefined;
  for (let attempt = 1; ; attempt++) {
    const row = await store.find(id, signal);
    if (row === null) throw new InstanceNotFoundError(id, `there is no instance ${quote(id)} to update`);
    const current = read(row);
    const expected = toTextRow(row); // as text, it stays as it was read: `change` gets the values
    if (lost !== undefined && isSame(lost, expected)) return explainEqual(store, row, expected, signal);
    const next = await change(current);
    if (next === current && isSame(write(current), write(read(expected)))) return current;
    throwIfAborted(signal);
    const stored = await swap(expected, next, signal);
    if (stored !== null) return stored;
    if (attempt >= attempts) return explainLostSwap(store, expected, () => `another writer was faster, ${attempts} times`, signal);
    lost = expected;
    count("retries", () => 1);
    await backOff(attempt, BACKOFF, signal);
  }
}

function isSame(a: TextRow, b: TextRow): boolean {
  return a.stateText === b.stateText && a.workflow === b.workflow && a.workflowVersion === b.workflowVersion && a.status === b.status;
}
