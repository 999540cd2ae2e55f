import { NotStoredError } from "../errors.js";
import { quote } from "../messages/quote.js";
import { SUPPRESSED } from "./swap.js";

/**
 * Compares how many rows a write was given with how many the database says it has stored.
 *
 * @throws {NotStoredError} if it has stored fewer.
 */
export function checkStored(ids: readonly string[], stored: number): void {
  const [id = ""] = ids;
  if (stored >= ids.length) return;
  const missing = ids.length - stored;
  const what =
    ids.length === 1
      ? `instance ${quote(id)} was not stored`
      : `${missing} of ${ids.length} instances were not stored, and the others were`;
  throw new NotStoredError(id, `${what}: ${SUPPRESSED}`);
}
