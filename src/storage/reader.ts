import { CorruptInstanceError, PrecisionLossError } from "../errors.js";
import type { Instance } from "../instance/instance.js";
import { byteLength } from "../serialization/byte-length.js";
import type { Codec } from "../serialization/codec.js";
import { fromRow } from "../serialization/mapping.js";
import { type RowSnapshot, stateTextOf } from "../serialization/row.js";
import { count } from "./observability/tally.js";
import type { OnUnreadable } from "./options.js";
import type { Snapshots } from "./snapshots.js";

/** Maps a row to its instance. */
export type ReadRow = (row: RowSnapshot) => Instance;

/** A reader that remembers what the rows held. */
export function createReader(codec: Codec, snapshots: Snapshots): ReadRow {
  return (row) => {
    const instance = fromRow(row, codec);
    count("stateBytes", () => byteLength(stateTextOf(row) ?? ""));
    snapshots.set(instance, row);
    return instance;
  };
}

/** Maps the rows of a listing. What can't be mapped is treated as `onUnreadable` says. */
export function collect<Row, Item>(rows: readonly Row[], map: (row: Row) => Item, onUnreadable: OnUnreadable): Item[] {
  if (onUnreadable === "throw") return rows.map(map);
  const items: Item[] = [];
  for (const row of rows) {
    try {
      items.push(map(row));
    } catch (error) {
      if (!(error instanceof CorruptInstanceError || error instanceof PrecisionLossError)) throw error;
      if (onUnreadable !== "skip") onUnreadable(error);
    }
  }
  return items;
}
