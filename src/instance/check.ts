import { isDate } from "../runtime/native-types.js";
import { describe, kindOf } from "../messages/describe.js";
import { at, type Fail, type Reject } from "../messages/reject.js";
import { STATUSES, type Status } from "./instance.js";

const MAX_LENGTH = 255;
// What Elixir's String.trim takes away: a changeset takes such a text for a missing one.
const BLANK = /^\p{White_Space}+$/u;
const MAX_VERSION = 2 ** 31 - 1;

/** A text that fits the table's `varchar(255)` columns. PostgreSQL counts characters, not UTF-16 units. */
export function checkColumn(value: unknown, reject: Reject): string {
  const expected = `expected a string of 1 to ${MAX_LENGTH} characters`;
  if (typeof value !== "string") return reject(`${expected}, found ${describe(value)}`);
  if (value === "") return reject(`${expected}, found an empty one`);
  if (BLANK.test(value)) return reject(`${expected}, found one of white space only, which HephaestusEcto never stores`);
  const length = value.length > MAX_LENGTH ? [...value].length : value.length;
  return length > MAX_LENGTH ? reject(`${expected}, found ${length}`) : checkText(value, reject);
}

/** A text that PostgreSQL returns as it is: it rejects NUL, and on the way there UTF-8 replaces lone surrogates. */
export function checkText(value: unknown, reject: Reject): string {
  if (typeof value !== "string") return reject(`expected a string, found ${kindOf(value)}`);
  if (isStorableText(value)) return value;
  return reject(`PostgreSQL can't store a string with a ${value.includes("\0") ? "NUL character" : "lone surrogate"}`);
}

/** Whether PostgreSQL gives a text back as it is: it has no NUL and no lone surrogate. */
export function isStorableText(text: string): boolean {
  return !/[\0\ud800-\udfff]/.test(text) || (!text.includes("\0") && text.isWellFormed());
}

/** A workflow's version: a positive 32-bit integer. */
export function checkVersion(value: unknown, reject: Reject): number {
  if (typeof value === "number" && Number.isInteger(value) && value > 0 && value <= MAX_VERSION) return value;
  return reject(`expected an integer from 1 to ${MAX_VERSION}, found ${describe(value)}`);
}

/** One of the five statuses. */
export function checkStatus(value: unknown, reject: Reject): Status {
  return isStatus(value) ? value : reject(`expected one of ${STATUSES.join(", ")}, found ${describe(value)}`);
}

function isStatus(value: unknown): value is Status {
  return STATUSES.some((status) => status === value);
}

/** The times that PostgreSQL, its drivers and JavaScript read alike: Prisma can't write a year BC, nor read one after 9999. */
export const TIMES: { readonly first: Date; readonly last: Date } = {
  first: new Date("0001-01-01T00:00:00.000Z"),
  last: new Date("9999-12-31T23:59:59.999Z"),
};

/** Whether a value is a time within {@link TIMES}. Drivers read others as invalid Dates, or as numbers. */
export function isTime(value: unknown): value is Date {
  return isDate(value) && timeOf(value) >= timeOf(TIMES.first) && timeOf(value) <= timeOf(TIMES.last);
}

/** A time within {@link TIMES}, as a Date of this realm. */
export function checkTime(value: unknown, reject: Reject): Date {
  if (isTime(value)) return new Date(timeOf(value));
  const found = isDate(value) ? (Number.isNaN(timeOf(value)) ? "an invalid one" : "one of another year") : describe(value);
  return reject(`expected a Date of the years 1 to 9999, found ${found}`);
}

function timeOf(date: Date): number {
  return Date.prototype.getTime.call(date);
}

/** An array of texts that PostgreSQL returns as they are. */
export function checkNames(value: unknown, path: string, fail: Fail): string[] {
  if (!Array.isArray(value)) return fail(path, `expected an array of strings, found ${kindOf(value)}`);
  return value.map((name: unknown, index) => checkText(name, at(`${path}[${index}]`, fail)));
}

/** Whether a value is an array of strings. */
export function isNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((name) => typeof name === "string");
}
