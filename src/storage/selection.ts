import { isProxy } from "../runtime/native-types.js";
import type { Direction, OrderColumn } from "./options.js";
import { checkColumn, checkStatus, checkText, checkTime, checkVersion } from "../instance/check.js";
import type { Reject } from "../messages/reject.js";
import { kindOf } from "../messages/describe.js";
import { readPlainObject } from "./plain-object.js";
import { InvalidFilterError, NotSerializableError } from "../errors.js";
import type { QueryFilters } from "./filters.js";
import { writeJson } from "../values/json-text.js";
import { noTypes } from "../values/type-paths.js";
import { writeValue } from "../values/value-writer.js";
import { leaveOut } from "../messages/leave-out.js";
import { quote } from "../messages/quote.js";

/** The part of Prisma's `where` that the filters, the pages and the compare-and-swap use. */
export interface InstanceWhere {
  AND?: InstanceWhere[];
  OR?: InstanceWhere[];
  id?: string | Range<string>;
  status?: string | { in: string[] };
  workflow?: string | { in: string[] } | { startsWith: string };
  workflowVersion?: number;
  insertedAt?: Range<Date>;
  updatedAt?: Range<Date>;
  state?: { equals: object };
}

/** The bounds of a column. */
export interface Range<Value> {
  lt?: Value;
  lte?: Value;
  gt?: Value;
  gte?: Value;
}

/** What rows are ordered by: the first column decides, and the next ones between equal values. */
export type InstanceOrder = { readonly [column in OrderColumn]?: Direction };

/** The most rows that a page can ask for: Prisma takes a larger number modulo 2^32. */
export const MAX_TAKE: number = 2 ** 31 - 1;

/** Which of the rows that match, and in what order. */
export interface Page {
  readonly orderBy: InstanceOrder[];
  /**
   * How many at most, up to {@link MAX_TAKE}.
   *
   * @defaultValue all
   */
  readonly take?: number;
  /** Whether it is likely that many match: a page before was full. */
  readonly crowded?: boolean;
}

/** What the filters select. */
export interface Selection {
  readonly where: InstanceWhere;
  /** JSON texts that the state must contain: Prisma has no verb for it, so they need raw SQL. */
  readonly contains: readonly string[];
}

/**
 * Compiles filters, each of which is read once.
 *
 * @throws {InvalidFilterError} for one that is unknown, `undefined` or of the wrong type, for filters that aren't a plain
 * object, and for those that look into states if the rows can't.
 */
export function toSelection(filters: QueryFilters, looksIntoStates: boolean): Selection {
  const given = readPlainObject(filters, (problem) => {
    throw new InvalidFilterError("", `the filters are invalid: ${problem}`);
  });
  const conditions = Object.entries(given).map(([name, value]) => condition(name, value, looksIntoStates));
  return {
    where: { AND: conditions.filter((one) => typeof one !== "string") },
    contains: conditions.filter((one) => typeof one === "string"),
  };
}

/** What of a selection is also within a bound. */
export function within(selection: Selection, bound: InstanceWhere): Selection {
  return { ...selection, where: { AND: [selection.where, bound] } };
}

type Condition = (value: unknown, reject: Reject) => InstanceWhere | string;

const CONDITIONS: Readonly<Record<keyof QueryFilters, Condition>> = {
  id: (value, reject) => ({ id: checkColumn(value, reject) }),
  status: (value, reject) => ({ status: checkStatus(value, reject) }),
  statusIn: (value, reject) => ({ status: { in: each(value, checkStatus, reject) } }),
  workflow: (value, reject) => ({ workflow: checkColumn(value, reject) }),
  workflowIn: (value, reject) => ({ workflow: { in: each(value, checkColumn, reject) } }),
  workflowVersion: (value, reject) => ({ workflowVersion: checkVersion(value, reject) }),
  workflowFamily: (value, reject) => family(checkText(value, reject)),
  workflowFamilyIn: (value, reject) => anyOf(each(value, checkText, reject).map(family)),
  insertedBefore: (value, reject) => ({ insertedAt: { lt: checkTime(value, reject) } }),
  insertedAfter: (value, reject) => ({ insertedAt: { gt: checkTime(value, reject) } }),
  updatedBefore: (value, reject) => ({ updatedAt: { lt: checkTime(value, reject) } }),
  updatedAfter: (value, reject) => ({ updatedAt: { gt: checkTime(value, reject) } }),
  stateContains: (value, reject) => json(readPlainObject(value, reject), reject),
  contextContains: (value, reject) => json({ context: { initial: readPlainObject(value, reject) } }, reject),
};

function condition(name: string, value: unknown, looksIntoStates: boolean): InstanceWhere | string {
  const reject: Reject = (problem) => {
    throw new InvalidFilterError(name, `the filter ${quote(name)} is invalid: ${problem}${value === undefined ? leaveOut(name) : ""}`);
  };
  if (!isFilter(name))
    throw new InvalidFilterError(
      name,
      `the filter ${quote(name)} is invalid: there is no such filter; there are ${Object.keys(CONDITIONS).join(", ")}`,
    );
  const compiled = CONDITIONS[name](value, reject);
  return looksIntoStates || typeof compiled !== "string" ? compiled : reject(NO_VERB);
}

/** Why Prisma's verbs can't do something that SQL can. */
export const NO_VERB: string =
  'Prisma has no verb for it. Name the table of the model, so that the storage can send SQL: { table: "public.workflow_instances" }';

function isFilter(name: string): name is keyof QueryFilters {
  return Object.hasOwn(CONDITIONS, name);
}

// Prisma's verbs send each name as a parameter, of which a statement can have 32,767: room for two such lists and all else.
const MAX_NAMES = 16_000;

function each<Item>(value: unknown, check: (item: unknown, reject: Reject) => Item, reject: Reject): Item[] {
  if (isProxy(value) || !Array.isArray(value)) return reject(`expected an array, found ${kindOf(value)}`);
  const names = new Set<Item>();
  let index = 0;
  const inside: Reject = (problem) => reject(`at [${index}], ${problem}`);
  for (; index < value.length; index++) {
    names.add(Object.hasOwn(value, index) ? check(value[index], inside) : inside("expected a value, found a hole"));
    if (names.size > MAX_NAMES) reject(`expected at most ${MAX_NAMES} names, found more`);
  }
  return [...names];
}

function json(value: object, reject: Reject): string {
  try {
    const types = noTypes();
    const plain = writeValue(value, "", { storedPath: "", types }, "error");
    if (Object.keys(types).length === 0) return writeJson(plain);
  } catch (error) {
    if (!(error instanceof NotSerializableError)) throw error;
  }
  return reject("expected plain JSON, as it is stored: a Date is its ISO string there");
}

// Within an AND, Prisma takes an empty OR for no filter, and would return every row.
function anyOf(conditions: InstanceWhere[]): InstanceWhere {
  return conditions.length === 0 ? { workflow: { in: [] } } : { OR: conditions };
}

// Prisma compiles `startsWith` to LIKE without escaping: https://github.com/prisma/prisma/issues/19506
function family(prefix: string): InstanceWhere {
  return { workflow: { startsWith: prefix.replace(/[\\%_]/g, "\\$&") } };
}
