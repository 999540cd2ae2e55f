import { isObject, type Refuse } from "../instance/check.js";
import { stringifyExact } from "./exact-json.js";
import { NotSerializableError } from "../errors.js";
import type { Needs } from "./inspect.js";
import { sameJson } from "./same-json.js";
import { createSuperJson } from "./superjson-rules.js";

/** Between values and JSON. Plain JSON passes as it is; richer values leave their JSON in its place, and what they were in `state.superjson`. */
export interface Codec {
  /** Whether integers that no JavaScript number can hold are BigInts here, and JSON numbers in the database. */
  readonly exactIntegers: boolean;
  /** The JSON text of a state that was inspected, and found to need it. */
  encode(state: Readonly<Record<string, unknown>>, needs: Needs): string;
  /** A stored state with its richer values. Those of a newer version stay JSON, and what they were stays with it. */
  decode(stored: Readonly<Record<string, unknown>>, refuse: Refuse): Readonly<Record<string, unknown>>;
}

const META = "superjson";
const VERSION = 1;

const forNumbers = createSuperJson(false);
const forExactIntegers = createSuperJson(true);

/** A codec for one way of handing out large integers. */
export function createCodec(exactIntegers: boolean): Codec {
  const superjson = exactIntegers ? forExactIntegers : forNumbers;
  return {
    exactIntegers,

    encode(state, needs) {
      const stringify = needs.integers ? stringifyExact : JSON.stringify;
      if (!needs.rich) return stringify(state);
      if (Object.hasOwn(state, META)) throw new NotSerializableError(`state.${META}`, NEWER);
      const { json, meta } = superjson.serialize(state);
      // Without `referentialEqualities`: restoring them would change the order of a Set. Equal copies come back.
      return stringify({ ...Object(json), [META]: { values: meta?.values, v: VERSION } });
    },

    decode(stored, refuse) {
      if (stored[META] === undefined) return stored;
      const { [META]: meta, ...json } = stored;
      if (!isObject(meta) || meta.v !== VERSION) return stored;
      try {
        const decoded: unknown = forExactIntegers.deserialize({ json, meta } as Parameters<typeof superjson.deserialize>[0]);
        // A hand may have bent the JSON under its meta: then it would be lost with the next write.
        const fits = [forNumbers, forExactIntegers].some((writer) => sameJson(writer.serialize(decoded).meta?.values, meta.values));
        if (fits && isObject(decoded)) return decoded;
      } catch {
        // What was raised may repeat parts of the state.
      }
      return refuse("it doesn't fit the JSON beside it");
    },
  };
}

const NEWER =
  `state.${META} was written by a newer version of hephaestus-prisma, which kept richer values in this instance. ` +
  "This version leaves them as they are, and can't add others. Update hephaestus-prisma here too.";
