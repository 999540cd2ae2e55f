import { InstanceNotFoundError, InvalidInstanceError, InvalidOptionError } from "../errors.js";
import type { Instance } from "../instance/instance.js";
import { describe } from "../messages/describe.js";
import { quote } from "../messages/quote.js";
import { throwIfAborted } from "../runtime/signals.js";
import { isSameRow, type TextRow, toTextRow } from "../state/row.js";
import { backOff } from "./backoff.js";
import type { Codec } from "./codec.js";
import { count } from "./observability/tally.js";
import type { InstanceChange, UpdateOptions } from "./options.js";
import type { RowStore } from "./row-store.js";
import type { Swapping } from "./swap.js";

// Thirty writers on one row seldom lose more than twenty times in a row.
const ATTEMPTS = 100;
const BACKOFF = { minDelayMs: 4, maxDelayMs: 250 };

/** The change that an update is given. @throws {InvalidOptionError} for anything that is not a function. */
export function checkChange(change: unknown): void {
  if (typeof change === "function") return;
  throw new InvalidOptionError(
    "change",
    `update takes a function that returns the changed instance: ${EXAMPLE}, found ${describe(change)}`,
  );
}

/** The changed instance. @throws {InvalidInstanceError} if the change returns nothing. */
export async function changed(current: Instance, change: InstanceChange): Promise<Instance> {
  const next: Instance | undefined = await change(current);
  if (next !== undefined) return next;
  throw new InvalidInstanceError(
    "",
    `the change of instance ${quote(current.id)} returned undefined: return the instance, such as ${EXAMPLE}`,
  );
}

const EXAMPLE = '(instance) => ({ ...instance, status: "completed" })';

/** Reads, changes, and swaps if nobody else has written meanwhile; otherwise begins again. */
export async function updateInstance(
  store: RowStore,
  codec: Codec,
  swapping: Swapping,
  id: string,
  change: InstanceChange,
  { attempts = ATTEMPTS, signal }: UpdateOptions,
): Promise<Instance> {
  let lost: TextRow | undefined;
  for (let attempt = 1; ; attempt++) {
    const row = await store.find(id, signal);
    if (row === null) throw new InstanceNotFoundError(id, `there is no instance ${quote(id)} to update`);
    const current = codec.read(row);
    const expected = toTextRow(row); // as text, it stays as it was read: `change` gets the values
    if (lost !== undefined && isSameRow(lost, expected)) return swapping.explainEqual(row, expected, signal);
    const next = await changed(current, change);
    if (next === current && isSameRow(codec.write(current), codec.write(codec.read(expected)))) return current;
    throwIfAborted(signal);
    const stored = await swapping.swap(expected, next, signal);
    if (stored !== null) return stored;
    if (attempt >= attempts) return swapping.explain(expected, () => `another writer was faster, ${attempts} times`, signal);
    lost = expected;
    count("retries", () => 1);
    await backOff(attempt, BACKOFF, signal);
  }
}
