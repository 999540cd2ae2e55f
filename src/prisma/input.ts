import { NotSerializableError } from "../errors.js";
import { isObject } from "../runtime/native-types.js";
import { parseExact } from "../state/exact-json.js";
import type { CheckedRow } from "../state/row.js";
import type { Connection, InstanceCreate, InstanceUpdate } from "./client.js";

/** What Prisma writes of a row. */
export interface RowInput {
  /** All columns, if the id is free. */
  readonly create: InstanceCreate;
  /** If the id is taken. Without the version, which never changes once written, and without the time of the first put. */
  readonly update: InstanceUpdate;
}

/** What Prisma writes of a row; `null` if something of it would be lost on the way. */
export function inputOf(connection: Connection, { id, workflow, workflowVersion, status, stateText }: CheckedRow): RowInput | null {
  const state = jsonInput(connection, stateText);
  if (state === null) return null;
  const now = new Date();
  return {
    create: { id, workflow, workflowVersion, status, state, insertedAt: now, updatedAt: now },
    update: { workflow, status, state, updatedAt: now },
  };
}

/**
 * What Prisma gets for the `state` column: the JSON text as it is.
 *
 * Prisma walks a Json argument as if it were query arguments, twice in an upsert, and large integers can't pass at
 * all. An object whose `toJSON` returns Prisma's own wire form for JSON is sent as it is. That is not documented API:
 * a client that isn't known to take it gets the value instead. So does one with query extensions, which may look at the
 * value, or copy it: Prisma's own copy for them loses keys `__proto__`. Returns `null` if the value would lose such
 * keys, or digits.
 */
export function jsonInput({ readyText }: Connection, text: string): object | null {
  if (readyText) return { toJSON: () => ({ $type: "Json", value: text }) };
  let isLost = PROTO_KEY.test(text);
  const value = parseExact(text, "state", () => (isLost = true));
  return isLost || !isObject(value) ? null : value;
}

// A quote inside a string is escaped, so only a key matches.
const PROTO_KEY = /[{,]\s*"__proto__"\s*:/;

/** Why a state can't be written by Prisma, if raw SQL can't write it either. */
export function notKept(text: string): NotSerializableError {
  let at = "state";
  parseExact(text, "state", (_, path) => (at = path));
  return new NotSerializableError(
    at,
    `${at} can't be stored: this Prisma Client isn't known to keep ${at === "state" ? "keys __proto__" : "the digits of integers beyond 2^53"}, ` +
      'and raw SQL isn\'t possible or not allowed. See the options "allowRawSql" and "table"',
  );
}
