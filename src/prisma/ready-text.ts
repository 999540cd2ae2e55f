import { isObject } from "../runtime/native-types.js";
import type { RawClient } from "./client.js";

// Each minor version that it was seen to work on: the tests see 6.19 and the version that is installed. Prisma 6 can
// have an engine in Rust too, on which it was not seen.
const VERSIONS = /^(6\.19|7\.(\d|10))\./;

/** The versions of Prisma Client that are known to take ready JSON text, for a reader. */
export const READY_TEXT_VERSIONS = "6.19 and 7.0 to 7.10";

const ENGINE = "ClientEngine";

const warned = new Set<string>();

/** Whether this version of Prisma Client is known to store a JSON text as it is, digit by digit. */
export function isReadyTextVersion(version: string): boolean {
  return VERSIONS.test(version);
}

/**
 * Whether this client is known to store a JSON text as it is. Warns once for each version that is not: writing takes
 * longer there, and integers beyond ±(2^53−1) need raw SQL.
 */
export function takesReadyText(client: RawClient): boolean {
  const version: unknown = Reflect.get(client, "_clientVersion");
  const engine: unknown = Reflect.get(client, "_engine");
  const name = isObject(engine) ? engine.name : undefined;
  const known = typeof version === "string" && isReadyTextVersion(version);
  if (known && name === ENGINE) return true;
  warn(`Prisma Client ${String(version)}${known ? ` with the engine ${String(name)}` : ""}`);
  return false;
}

function warn(client: string): void {
  if (warned.has(client)) return;
  warned.add(client);
  process.emitWarning(
    `hephaestus-prisma was not tested with ${client}, but with Prisma Client ${READY_TEXT_VERSIONS}: ` +
      "everything is stored right, writing takes longer, and integers beyond 2^53 are written by raw SQL. Look for a newer hephaestus-prisma",
    { code: "HEPHAESTUS_PRISMA_UNTESTED_CLIENT" },
  );
}
