import { isObject } from "../runtime/native-types.js";
import type { Reject } from "../messages/reject.js";
import { NotSerializableError } from "../errors.js";
import { readTree, type Tree } from "./meta.js";
import { revive } from "./value-reader.js";
import { writeValue } from "./value-writer.js";
import type { Written } from "./written.js";

/** Between values and JSON. Plain JSON passes as it is; richer values leave their JSON in its place, and what they were in `state.superjson`. */
export interface Codec {
  /** Whether integers that no JavaScript number can hold are BigInts here, and JSON numbers in the database. */
  readonly exactIntegers: boolean;
  /** The JSON of a value, and what its parts were. */
  encode(value: unknown, path: string): Written;
  /** A state with the meta of its richer values. */
  withMeta(state: Readonly<Record<string, unknown>>, values: Tree): Readonly<Record<string, unknown>>;
  /** A stored state with its richer values. Those of a newer version stay JSON, and what they were stays with it. */
  decode(stored: Readonly<Record<string, unknown>>, reject: Reject): Readonly<Record<string, unknown>>;
}

// In superjson's form, which this package read and wrote with superjson before it had a writer and a reader of its own:
// those call nothing that an application can patch, take values of other realms, and trust no stored meta.
const META = "superjson";
const VERSION = 1;

/** A codec for one way of returning large integers. */
export function createCodec(exactIntegers: boolean): Codec {
  return {
    exactIntegers,

    encode: (value, path) => writeValue(value, path, exactIntegers),

    withMeta(state, values) {
      if (Object.hasOwn(state, META)) throw new NotSerializableError(`state.${META}`, NEWER);
      return { ...state, [META]: { values, v: VERSION } };
    },

    decode(stored, reject) {
      if (!Object.hasOwn(stored, META)) return stored;
      const { [META]: meta, ...json } = stored;
      if (!isObject(meta) || meta.v !== VERSION) return stored;
      try {
        const decoded = Object.keys(meta).length === 2 ? revive(json, readTree(meta.values)) : undefined;
        if (isObject(decoded)) return decoded;
      } catch {
        // What was thrown may repeat parts of the state.
      }
      return reject("it doesn't fit the JSON beside it");
    },
  };
}

const NEWER =
  `state.${META} was written by a newer version of hephaestus-prisma, which kept richer values in this instance. ` +
  "This version leaves them as they are, and can't add others. Update hephaestus-prisma here too.";
