import { PrecisionLossError } from "../errors.js";
import { mayHaveLostDigits, pathOfNumber } from "../serialization/number-walk.js";
import { type RowSnapshot, stateTextOf } from "../serialization/row.js";
import type { RowStore } from "./row-store.js";

/**
 * After a swap that found no such row: if the row is read just as it was before, nobody has written it. Then it isn't what
 * was read, for a number has lost digits on the way, and no attempt can succeed.
 *
 * @throws {PrecisionLossError} with the path of that number.
 */
export async function rejectLostDigits(store: RowStore, expected: RowSnapshot): Promise<void> {
  const state: unknown = "state" in expected ? expected.state : JSON.parse(expected.stateText ?? "null");
  const path = pathOfNumber(state, "state", mayHaveLostDigits);
  const now = path === null ? null : await store.find(expected.id);
  // A row that was read as text has every digit.
  if (path === null || now === null || "stateText" in now || !isSame(now, expected)) return;
  const message =
    `row ${JSON.stringify(expected.id)} has lost digits at ${path}: what is stored isn't what was read, ` +
    "and raw SQL can't reach the table to read it exactly";
  throw new PrecisionLossError(expected.id, path, message);
}

function isSame(now: RowSnapshot, was: RowSnapshot): boolean {
  const columns = now.workflow === was.workflow && now.workflowVersion === was.workflowVersion && now.status === was.status;
  return columns && stateTextOf(now) === stateTextOf(was);
}
