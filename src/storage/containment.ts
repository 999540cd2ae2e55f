import { isObject } from "../runtime/native-types.js";

/**
 * PostgreSQL's `@>`: whether a JSON value contains a pattern. Arrays are sets, and an array contains, at the top only,
 * a scalar too. https://www.postgresql.org/docs/current/datatype-json.html#JSON-CONTAINMENT
 */
export function contains(value: unknown, pattern: unknown): boolean {
  if (Array.isArray(value) && !Array.isArray(pattern) && !isObject(pattern)) return value.includes(pattern);
  return containsWithin(value, pattern);
}

function containsWithin(value: unknown, pattern: unknown): boolean {
  if (Array.isArray(pattern)) return Array.isArray(value) && pattern.every((part) => value.some((item) => containsWithin(item, part)));
  if (!isObject(pattern)) return value === pattern;
  return isObject(value) && Object.entries(pattern).every(([key, part]) => Object.hasOwn(value, key) && containsWithin(value[key], part));
}
