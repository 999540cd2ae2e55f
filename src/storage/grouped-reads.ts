import type { ReadRow } from "../state/row.js";
import { flag, type Rules } from "./check-options.js";
import { grouped } from "./grouped.js";
import type { Retrying } from "./retrying-rows.js";
import type { RowStore } from "./row-store.js";
import { AbandonedError } from "./timeout.js";

/** How concurrent reads by id are sent. */
export interface GroupReadOptions {
  /**
   * Whether `get` calls, and the reads of `update`, that arrive while others are in flight go out together, as at most three
   * statements at a time. A lone `get` goes out at once either way, and a `get` never joins a statement that was already sent.
   *
   * A statement runs in the async context of one of its callers: see `coalesceWrites`.
   *
   * @defaultValue `false`
   */
  readonly coalesceReads?: boolean;
}

export const GROUP_READ_OPTIONS: Rules<GroupReadOptions> = { coalesceReads: flag };

/** The same rows, of which those that are looked up by their ids are read together. Not inside a transaction. */
export function groupedReads(rows: RowStore, faults: Pick<Retrying, "faultOf" | "timeoutMs">): RowStore {
  const { groups } = rows;
  if (groups === undefined) return rows;
  const find = grouped<string, ReadRow | null>({
    ...faults,
    async send(ids, signal) {
      const [first = ""] = ids;
      if (ids.length === 1) return [await rows.find(first, signal)];
      const found = new Map((await groups.find([...new Set(ids)], signal)).map((row) => [row.id, row]));
      return ids.map((id) => found.get(id) ?? null);
    },
    sizeOf: ({ length }) => length,
    keyOf: () => null,
    errorOf: (_, error) => (error instanceof AbandonedError ? error.cause : error),
  });
  return {
    ...rows,
    find: (id, until) => (rows.isInTransaction() ? rows.find(id, until) : find(id, until)),
  };
}
