import { NotSerializableError } from "../errors.js";
import type { Reject } from "../messages/reject.js";
import { isObject } from "../runtime/native-types.js";
import type { BigIntegers } from "./big-integers.js";
import type { Stored } from "./source.js";
import { InvalidTypesError, readTypes, type TypePaths, type TypesNode } from "./type-paths.js";
import { revive } from "./value-reader.js";

/** The key of a state under which stands what its values were, if JSON lacks some of them. */
export const VALUE_TYPES = "value_types";
const VERSION = 1;

/** A state with the types of its values, which JSON lacks. */
export function withTypes(state: Stored, values: TypePaths): Stored {
  if (Object.hasOwn(state, VALUE_TYPES)) throw new NotSerializableError(`state.${VALUE_TYPES}`, NEWER);
  return { ...state, [VALUE_TYPES]: { v: VERSION, values } };
}

/**
 * A stored state with its values as they were, if there may be types where they are given. Those of a newer version stay
 * JSON, and their types stay with them.
 */
export function withValues(stored: Stored, bigIntegers: BigIntegers, mayHold: (types: TypesNode) => boolean, reject: Reject): Stored {
  if (!Object.hasOwn(stored, VALUE_TYPES)) return stored;
  const { [VALUE_TYPES]: types, ...json } = stored;
  if (!isObject(types) || types.v !== VERSION) return stored;
  let problem = "it doesn't fit the JSON beside it";
  try {
    const tree = readTypes(types.values);
    const revived = Object.keys(types).length === 2 && mayHold(tree) ? revive(json, tree, bigIntegers) : undefined;
    if (isObject(revived)) return revived;
  } catch (error) {
    // What else was thrown may repeat parts of the state.
    if (error instanceof InvalidTypesError) problem = error.message;
  }
  return reject(problem);
}

const NEWER =
  `state.${VALUE_TYPES} was written by a newer version of hephaestus-prisma, which kept more values in this instance. ` +
  "This version leaves them as they are, and can't add others. Update hephaestus-prisma here too.";
