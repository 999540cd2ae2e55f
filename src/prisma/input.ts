import { NotSerializableError } from "../errors.js";
import { isObject } from "../instance/check.js";
import { parseExact } from "../serialization/exact-json.js";
import type { CheckedRow } from "../serialization/row.js";
import { takesJsonText } from "./json-text.js";
import type { InstanceCreate, InstanceUpdate, RawClient } from "./client.js";

/** What Prisma writes of a row. */
export interface RowInput {
  /** All columns, if the id is free. */
  readonly create: InstanceCreate;
  /** If the id is taken. Without the version, which never changes once written, and without the time of the first put. */
  readonly update: InstanceUpdate;
}

export function inputOf(client: RawClient, { id, workflow, workflowVersion, status, stateText }: CheckedRow): RowInput {
  const state = jsonInput(client, stateText);
  const now = new Date();
  return {
    create: { id, workflow, workflowVersion, status, state, insertedAt: now, updatedAt: now },
    update: { workflow, status, state, updatedAt: now },
  };
}

// Prisma 6 can have engines in Rust too, with which it was not tried.
const ENGINE = "ClientEngine";

/**
 * What Prisma gets for the `state` column: the JSON text as it is.
 *
 * Prisma walks a Json argument as if it were query arguments, twice in an upsert, and large integers can't pass at
 * all. An object whose `toJSON` returns Prisma's own wire form for JSON is sent as it is. That is not documented API:
 * any other client gets the value instead, and rejects one that needs exact digits.
 */
export function jsonInput(client: RawClient, text: string): object {
  const version: unknown = Reflect.get(client, "_clientVersion");
  const engine: unknown = Reflect.get(client, "_engine");
  if (typeof version === "string" && takesJsonText(version) && isObject(engine) && engine.name === ENGINE)
    return { toJSON: () => ({ $type: "Json", value: text }) };
  const value = parseExact(text, "state", (_, path) => {
    throw new NotSerializableError(
      path,
      `${path} can't be stored: Prisma Client ${String(version)} isn't known to keep the digits of integers beyond 2^53`,
    );
  });
  return Object(value) as object;
}
