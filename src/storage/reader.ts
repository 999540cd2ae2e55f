import { CorruptInstanceError, PrecisionLossError } from "../errors.js";
import type { Instance } from "../instance/instance.js";
import { byteLength } from "../runtime/byte-length.js";
import type { Codec } from "../values/codec.js";
import { fromRow } from "../state/mapping.js";
import { type RowSnapshot, stateTextOf } from "../state/row.js";
import { count } from "./observability/tally.js";
import type { OnUnreadable } from "./options.js";
import { snapshots } from "./snapshots.js";

/** Maps a row to its instance. */
export type ReadRow = (row: RowSnapshot) => Instance;

/** A reader that remembers what the rows held. */
export function createReader(codec: Codec): ReadRow {
  return (row) => {
    const instance = fromRow(row, codec);
    count("stateBytes", () => byteLength(stateTextOf(row) ?? ""));
    snapshots.set(instance, row);
    return instance;
  };
}

/** Maps the rows of a listing as they are asked for. What can't be mapped is treated as `onUnreadable` says. */
export function* readable<Row, Item>(rows: readonly Row[], map: (row: Row) => Item, onUnreadable: OnUnreadable): Generator<Item, void> {
  for (const row of rows) {
    let item: Item;
    try {
      item = map(row);
    } catch (error) {
      if (onUnreadable === "throw" || !(error instanceof CorruptInstanceError || error instanceof PrecisionLossError)) throw error;
      if (onUnreadable !== "skip") onUnreadable(error);
      continue;
    }
    yield item;
  }
}
