import { NotStoredError } from "../errors.js";
import { quote } from "../messages/quote.js";

/**
 * Compares how many rows an upsert was given with how many the database says it has stored.
 *
 * @throws {NotStoredError} if it has stored fewer.
 */
export function checkStored(ids: readonly string[], stored: number): void {
  const [id = "", ...more] = new Set(ids);
  const given = more.length + 1;
  if (ids.length === 0 || stored >= given) return;
  const what =
    given === 1 ? `instance ${quote(id)} was not stored` : `${given - stored} of ${given} instances were not stored, and the others were`;
  throw new NotStoredError(id, `${what}: the database threw no error, so a trigger or a rule of the table suppressed the row`);
}
