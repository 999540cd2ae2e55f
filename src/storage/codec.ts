import { InvalidOptionError, StateTooLargeError, StorageError } from "../errors.js";
import type { Instance } from "../instance/instance.js";
import { byteLength } from "../runtime/byte-length.js";
import { copyOf, fromRow, toRow } from "../state/mapping.js";
import type { ReadRow, TextRow } from "../state/row.js";
import { count } from "./observability/tally.js";
import type { StateOptions } from "./options.js";

/** Instances as rows, and rows as instances, under the options of a storage. */
export interface Codec {
  read(row: ReadRow): Instance;
  /** The row of an instance, of any size. */
  row(instance: Instance): TextRow;
  /** @throws {StateTooLargeError} beyond `maxStateBytes`. */
  write(instance: Instance): TextRow;
  /** The row of an instance that is expected. @throws {InvalidOptionError} if none can hold it. */
  writeExpected(instance: Instance): TextRow;
  /** A copy that nobody else has, as it would be read. */
  copy(instance: Instance): Instance;
}

export function createCodec({ bigIntegers = "error", maxStateBytes = Infinity }: StateOptions): Codec {
  return {
    read(row) {
      if ("stateText" in row) count("stateBytes", () => row.stateText.length);
      return fromRow(row, bigIntegers);
    },
    row: (instance) => toRow(instance, bigIntegers),
    write(instance) {
      const row = toRow(instance, bigIntegers);
      const bytes = maxStateBytes === Infinity ? 0 : byteLength(row.stateText);
      if (bytes > maxStateBytes) throw new StateTooLargeError(row.id, bytes, maxStateBytes);
      count("stateBytes", () => byteLength(row.stateText));
      return row;
    },
    writeExpected(instance) {
      try {
        return toRow(instance, bigIntegers);
      } catch (error) {
        const why = error instanceof StorageError ? error.message : "it can't be read";
        throw new InvalidOptionError("expected", `the option "expected" is invalid: expected an instance that a storage has read: ${why}`);
      }
    },
    copy: (instance) => copyOf(instance, bigIntegers),
  };
}
