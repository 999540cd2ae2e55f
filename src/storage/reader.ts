import type { OnCorrupt } from "./options.js";
import type { Codec } from "../serialization/codec.js";
import { hasUnsafeNumber, type Lost, parseExact } from "../serialization/exact-json.js";
import { CorruptInstanceError, PrecisionLossError } from "../errors.js";
import type { Instance } from "../instance/instance.js";
import { fromRow } from "../serialization/mapping.js";
import type { RowStore } from "./row-store.js";
import type { StoredForm, StoredForms } from "./snapshots.js";
import { count } from "./observability/tally.js";
import type { InstanceRow } from "../serialization/row.js";

/** Rows to instances, to the last digit. */
export interface Reader {
  /** One row as an instance; `null` where it was deleted meanwhile. */
  one(row: InstanceRow): Instance | Promise<Instance | null>;
  /** The rows of a listing as instances. */
  all(rows: readonly InstanceRow[], onCorrupt: OnCorrupt): Instance[] | Promise<Instance[]>;
}

/** A reader that remembers, for what it hands out, what the rows held. */
export function createReader(store: RowStore, codec: Codec, forms: StoredForms): Reader {
  const toInstance = (row: StoredForm): Instance => {
    const instance = readRow(row, codec);
    count("stateBytes", () => Buffer.byteLength(row.text ?? JSON.stringify(row.state)));
    forms.remember(instance, row);
    return instance;
  };

  const toInstances = (rows: readonly StoredForm[], onCorrupt: OnCorrupt): Instance[] => collect(rows, toInstance, onCorrupt);

  const sameColumns = (row: InstanceRow, now: InstanceRow): boolean => now.workflow === row.workflow && now.status === row.status;

  return {
    one(row) {
      if (!hasUnsafeNumber(row.state)) return toInstance(row);
      return store.exact([row], () => true).then(([exact]) => (exact === undefined ? null : toInstance(exact)));
    },

    all(rows, onCorrupt) {
      if (!rows.some(({ state }) => hasUnsafeNumber(state))) return toInstances(rows, onCorrupt);
      return store.exact(rows, sameColumns).then((exact) => toInstances(exact, onCorrupt));
    },
  };
}

/** Maps the rows of a listing, and does with those that can't be mapped what `onCorrupt` says. */
export function collect<Row, Item>(rows: readonly Row[], map: (row: Row) => Item, onCorrupt: OnCorrupt): Item[] {
  if (onCorrupt === "throw") return rows.map(map);
  const items: Item[] = [];
  for (const row of rows) {
    try {
      items.push(map(row));
    } catch (error) {
      if (!(error instanceof CorruptInstanceError || error instanceof PrecisionLossError)) throw error;
      if (onCorrupt !== "skip") onCorrupt(error);
    }
  }
  return items;
}

/**
 * Maps a row to its instance, to the last digit where its state is known as text.
 *
 * @throws {CorruptInstanceError} where it holds none.
 * @throws {PrecisionLossError} where digits would be lost.
 */
export function readRow(row: StoredForm, codec: Codec): Instance {
  return fromRow(row.text === undefined ? row : { ...row, state: parseState(row, codec) }, codec);
}

function parseState({ id, text }: StoredForm, codec: Codec): unknown {
  const refuse = (path: string, problem: string): never => {
    throw new PrecisionLossError(id, path, `row ${JSON.stringify(id)} would lose digits at ${path}: ${problem}`);
  };
  if (typeof text !== "string") return refuse("state", "it holds numbers beyond 2^53, and raw SQL can't reach the table to check them");
  const lost: Lost = (digits, path) => {
    if (codec.exactIntegers && /^-?\d+$/.test(digits)) return BigInt(digits);
    const remedy = codec.exactIntegers ? "" : '; for integers, there is createPrismaStorage(client, { bigIntegers: "bigint" })';
    return refuse(path, `a JavaScript number can't hold the one that is stored${remedy}`);
  };
  return parseExact(text, "state", lost);
}
