import { PrecisionLossError } from "../errors.js";
import { quote } from "../messages/quote.js";
import { mayHaveLostDigits, pathOfNumber } from "../values/number-walk.js";
import { type RowSnapshot, stateTextOf } from "../state/row.js";
import type { Connection } from "./client.js";
import { rawTableIfAny } from "./table.js";

/**
 * After a swap that found no such row, where raw SQL can't read digits exactly: if the row is read just as it was before,
 * nobody has written it. Then it isn't what was read, for a number has lost digits on the way, and no attempt can succeed.
 *
 * @throws {PrecisionLossError} with the path of that number.
 */
export async function rejectLostDigits(
  connection: Connection,
  expected: RowSnapshot,
  readAgain: () => Promise<RowSnapshot | null>,
): Promise<void> {
  if ((await rawTableIfAny(connection)).table !== null) return;
  const state: unknown = "state" in expected ? expected.state : JSON.parse(expected.stateText ?? "null");
  const path = pathOfNumber(state, "state", mayHaveLostDigits);
  const now = path === null ? null : await readAgain();
  if (path === null || now === null || !isSame(now, expected)) return;
  const message =
    `row ${quote(expected.id)} has lost digits at ${path}: what is stored isn't what was read, and raw SQL can't reach the table ` +
    "to read it exactly. If its digits are all there, a trigger suppressed the change, or this client reads from a replica that is behind";
  throw new PrecisionLossError(expected.id, path, message);
}

function isSame(now: RowSnapshot, was: RowSnapshot): boolean {
  const columns = now.workflow === was.workflow && now.workflowVersion === was.workflowVersion && now.status === was.status;
  return columns && stateTextOf(now) === stateTextOf(was);
}
