import { OutcomeUnknownError } from "../errors.js";
import type { TextRow } from "../state/row.js";
import { flag, type Rules } from "./check-options.js";
import { grouped } from "./grouped.js";
import { outcomeUnknown } from "./outcome-unknown.js";
import type { Retrying } from "./retrying-rows.js";
import type { RowStore } from "./row-store.js";
import { AbandonedError } from "./timeout.js";

/** How concurrent puts are written. */
export interface GroupCommitOptions {
  /**
   * Whether `put` calls that arrive while others are in flight go out together, as at most three statements at a time. A
   * lone `put` goes out at once either way.
   *
   * A statement runs in the async context (`AsyncLocalStorage`, the active span) of one of its puts. Leave it off if your
   * client, pool or driver adapter asks that context which tenant, connection or transaction to use.
   *
   * @defaultValue `false`
   */
  readonly coalesceWrites?: boolean;
}

export const GROUP_COMMIT_OPTIONS: Rules<GroupCommitOptions> = { coalesceWrites: flag };

/** The same rows, whose upserts go out together. Not inside a transaction, which has one connection. */
export function groupedWrites(rows: RowStore, faults: Pick<Retrying, "faultOf" | "timeoutMs">): RowStore {
  const { groups } = rows;
  if (groups === undefined) return rows;
  const upsert = grouped<TextRow, boolean>({
    ...faults,
    async send(many, signal) {
      const stored = new Set(await groups.upsert(many, signal));
      return many.map(({ id }) => stored.has(id));
    },
    sizeOf: ({ stateText }) => stateText.length,
    keyOf: ({ id }) => id,
    errorOf: ({ id }, error) =>
      error instanceof OutcomeUnknownError || error instanceof AbandonedError ? outcomeUnknown([id], error.cause) : error,
  });
  return {
    ...rows,
    upsert: async (row, until) => (rows.isInTransaction() ? rows.upsert(row, until) : Number(await upsert(row, until))),
  };
}
