import type { RawClient } from "./client.js";
import { parseExact } from "./digits.js";
import { NotSerializableError } from "./errors.js";

// Versions of Prisma Client on which the tests have seen it work.
const VERSIONS = /^7\.10\./;

/**
 * What Prisma gets for the `state` column: the JSON text as it is.
 *
 * Prisma walks a Json argument as if it were query arguments, twice in an upsert, and large integers can't pass at
 * all. An object whose `toJSON` answers Prisma's own wire form for JSON is sent as it is. That is no documented API:
 * a client of another version gets the value instead, and is refused one that needs exact digits.
 */
export function jsonInput(client: RawClient, text: string): object {
  const version: unknown = Reflect.get(client, "_clientVersion");
  if (typeof version === "string" && VERSIONS.test(version)) return { toJSON: () => ({ $type: "Json", value: text }) };
  const value = parseExact(text, "state", (_, path) => {
    throw new NotSerializableError(
      path,
      `${path} can't be stored: Prisma Client ${String(version)} isn't known to keep the digits of integers beyond 2^53`,
    );
  });
  return Object(value) as object;
}
