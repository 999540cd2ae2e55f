import { NotSerializableError } from "../errors.js";
import { isObject } from "../runtime/native-types.js";
import { findPart, type PartTest } from "../state/odd-parts.js";
import type { TextRow } from "../state/row.js";
import { isBeyondSafe } from "../values/big-integers.js";
import type { InstanceCreate, InstanceUpdate } from "./client.js";

/** What Prisma writes of a row, if its id is free and if it is taken. */
export function inputOf({ id, workflow, workflowVersion, status, stateText }: TextRow): { create: InstanceCreate; update: InstanceUpdate } {
  const update = { workflow, status, state: stateInput(stateText), updatedAt: new Date() };
  return { create: { id, workflowVersion, ...update, insertedAt: update.updatedAt }, update };
}

// Few texts hold what can be a large number, or one of these keys.
const RISKY = /\d{16}|\de\+|"(?:__proto__|__prismaRawParameters__|\$type)"/;

/**
 * The value of a state, for Prisma.
 *
 * @throws {NotSerializableError} for what Prisma's verbs would lose: integers beyond ±(2^53−1), which they round when they
 * read, keys `__proto__`, which they drop, and `__prismaRawParameters__`, by which they replace the value. `$type` marks
 * Prisma's own values. Another's is escaped, but: an empty one is taken for a mark, within an object that has a key
 * `constructor` the escaped form is what is stored, and a state that has it goes into the query itself.
 */
export function stateInput(text: string): object {
  const state = JSON.parse(text) as object;
  const path = RISKY.test(text) ? findPart(state, "state", isLost) : null;
  if (path === null) return state;
  throw new NotSerializableError(
    path,
    `${path} can't be stored: Prisma's verbs lose integers beyond 2^53, keys __proto__ and __prismaRawParameters__, and $type in some places. ` +
      'Name the table of the model, so that the storage sends SQL: { table: "public.workflow_instances" }',
  );
}

const isLost: PartTest = (part, depth, key) => {
  if (typeof part === "number" && isBeyondSafe(part)) return true;
  if (key === "__proto__" || key === "__prismaRawParameters__") return true;
  if (key === TAG && (part === "" || depth === 1)) return true;
  return isObject(part) && Object.hasOwn(part, "constructor") && findPart(part, "", (_inner, _depth, name) => name === TAG) !== null;
};

const TAG = "$type";
