import { isObject } from "../instance/check.js";
import type { RawClient } from "./client.js";
import { parseExact } from "../serialization/exact-json.js";
import { NotSerializableError } from "../errors.js";

// Where it was seen to work, each minor version: the tests see 6.19 and the version that is installed. Prisma 6 can
// have engines in Rust too, which were not seen.
const VERSIONS = /^(6\.19|7\.(\d|10))\./;
const ENGINE = "ClientEngine";

/**
 * What Prisma gets for the `state` column: the JSON text as it is.
 *
 * Prisma walks a Json argument as if it were query arguments, twice in an upsert, and large integers can't pass at
 * all. An object whose `toJSON` answers Prisma's own wire form for JSON is sent as it is. That is no documented API:
 * any other client gets the value instead, and is refused one that needs exact digits.
 */
export function jsonInput(client: RawClient, text: string): object {
  const version: unknown = Reflect.get(client, "_clientVersion");
  const engine: unknown = Reflect.get(client, "_engine");
  if (typeof version === "string" && VERSIONS.test(version) && isObject(engine) && engine.name === ENGINE)
    return { toJSON: () => ({ $type: "Json", value: text }) };
  const value = parseExact(text, "state", (_, path) => {
    throw new NotSerializableError(
      path,
      `${path} can't be stored: Prisma Client ${String(version)} isn't known to keep the digits of integers beyond 2^53`,
    );
  });
  return Object(value) as object;
}
