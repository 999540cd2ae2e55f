import { isStorableText } from "../instance/check.js";
import { type BigIntegers, isJsonInteger, MAX_DIGITS, survivesAsNumber } from "./big-integers.js";
import { escapeText, unescapeText } from "./escaped-text.js";
import { InvalidTypesError } from "./type-paths.js";

/** The value that JSON was, by its type. */
export type Reviver = (json: unknown, bigIntegers: BigIntegers) => unknown;

// No object: data could name what it inherits.
const REVIVERS = new Map<string, Reviver>([
  ["undefined", (json) => (json === null ? undefined : invalid())],
  ["number", reviveNumber],
  ["bigint", reviveBigInt],
  ["Date", reviveDate],
  ["text", reviveText],
  ["set", reviveSet],
  ["map", reviveMap],
]);

/** The reviver of a type. @throws {InvalidTypesError} if there is none. */
export function reviverOf(type: unknown): Reviver {
  return (typeof type === "string" ? REVIVERS.get(type) : undefined) ?? invalid();
}

function invalid(problem?: string): never {
  throw new InvalidTypesError(problem);
}

/** What to do about a value that was stored under the other setting: to read it is easy, to store it again would change it. */
function otherSetting(found: BigIntegers): never {
  const now = found === "error" ? "bigint" : "error";
  return invalid(
    `it holds an integer in the form of bigIntegers: "${found}", and this storage has "${now}". ` +
      `To migrate, read the instance by a storage with bigIntegers: "${found}", and put it by one with "${now}"`,
  );
}

function reviveNumber(json: unknown, bigIntegers: BigIntegers): number {
  if (typeof json === "string" && /^(?:NaN|-?Infinity|-0)$/.test(json)) return Number(json);
  if (typeof json === "bigint") return survivesAsNumber(json) ? Number(json) : invalid();
  return typeof json === "number" && bigIntegers === "error" ? otherSetting("bigint") : invalid();
}

function reviveBigInt(json: unknown, bigIntegers: BigIntegers): bigint {
  if (typeof json !== "string" || json.length > MAX_DIGITS || !/^(?:0|-?[1-9]\d*)$/.test(json)) return invalid();
  const integer = BigInt(json);
  return bigIntegers === "bigint" && isJsonInteger(integer) ? otherSetting("error") : integer;
}

function reviveDate(json: unknown): Date {
  const date = typeof json === "string" ? new Date(json) : invalid();
  return !Number.isNaN(date.getTime()) && date.toISOString() === json ? date : invalid();
}

function reviveText(json: unknown): string {
  const text = typeof json === "string" ? unescapeText(json) : invalid();
  return escapeText(text) === json && !isStorableText(text) ? text : invalid();
}

function reviveSet(json: unknown): Set<unknown> {
  const set = Array.isArray(json) && !json.some(isMinusZero) ? new Set<unknown>(json) : invalid();
  return set.size === (json as readonly unknown[]).length ? set : invalid();
}

function reviveMap(json: unknown): Map<unknown, unknown> {
  const map = isPairs(json) && !json.some(([key]) => isMinusZero(key)) ? new Map(json) : invalid();
  return map.size === (json as readonly unknown[]).length ? map : invalid();
}

// A Set and a Map take it for 0.
function isMinusZero(value: unknown): boolean {
  return Object.is(value, -0);
}

function isPairs(json: unknown): json is [unknown, unknown][] {
  return Array.isArray(json) && json.every((pair) => Array.isArray(pair) && pair.length === 2);
}
