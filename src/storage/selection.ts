import type { Direction, OrderColumn } from "./options.js";
import { checkColumn, checkObject, checkStatus, checkText, checkVersion, type Refuse } from "../instance/check.js";
import { describe, kindOf } from "../instance/describe.js";
import { InvalidFilterError } from "../errors.js";
import type { QueryFilters } from "./filters.js";
import { isPlain, plainText } from "../serialization/plain.js";
import { quote } from "../instance/quote.js";

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

/** Which of the rows that match, and in what order. */
export interface Page {
  readonly orderBy: InstanceOrder[];
  /** How many at the most; all where it is left out. */
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

/** What the filters select. @throws {InvalidFilterError} for one that is unknown, `undefined` or of the wrong type. */
export function toSelection(filters: QueryFilters): Selection {
  const given = checkObject(filters, (problem) => {
    throw new InvalidFilterError("", `the filters are invalid: ${problem}`);
  });
  const conditions = Object.entries(given).map(([name, value]) => condition(name, value));
  return {
    where: { AND: conditions.filter((one) => typeof one !== "string") },
    contains: conditions.filter((one) => typeof one === "string"),
  };
}

/** What of a selection is also within a bound. */
export function within(selection: Selection, bound: InstanceWhere): Selection {
  return { ...selection, where: { AND: [selection.where, bound] } };
}

type Condition = (value: unknown, refuse: Refuse) => InstanceWhere | string;

const CONDITIONS: Readonly<Record<keyof QueryFilters, Condition>> = {
  id: (value, refuse) => ({ id: checkColumn(value, refuse) }),
  status: (value, refuse) => ({ status: checkStatus(value, refuse) }),
  statusIn: (value, refuse) => ({ status: { in: each(value, checkStatus, refuse) } }),
  workflow: (value, refuse) => ({ workflow: checkColumn(value, refuse) }),
  workflowIn: (value, refuse) => ({ workflow: { in: each(value, checkColumn, refuse) } }),
  workflowVersion: (value, refuse) => ({ workflowVersion: checkVersion(value, refuse) }),
  workflowFamily: (value, refuse) => family(checkText(value, refuse)),
  workflowFamilyIn: (value, refuse) => anyOf(each(value, checkText, refuse).map(family)),
  insertedBefore: (value, refuse) => ({ insertedAt: { lt: time(value, refuse) } }),
  insertedAfter: (value, refuse) => ({ insertedAt: { gt: time(value, refuse) } }),
  updatedBefore: (value, refuse) => ({ updatedAt: { lt: time(value, refuse) } }),
  updatedAfter: (value, refuse) => ({ updatedAt: { gt: time(value, refuse) } }),
  stateContains: (value, refuse) => json(checkObject(value, refuse), refuse),
  contextContains: (value, refuse) => json({ context: { initial: checkObject(value, refuse) } }, refuse),
};

function condition(name: string, value: unknown): InstanceWhere | string {
  const refuse: Refuse = (problem) => {
    throw new InvalidFilterError(name, `the filter ${quote(name)} is invalid: ${problem}`);
  };
  return isFilter(name)
    ? CONDITIONS[name](value, refuse)
    : refuse(`there is no such filter; there are ${Object.keys(CONDITIONS).join(", ")}`);
}

function isFilter(name: string): name is keyof QueryFilters {
  return Object.hasOwn(CONDITIONS, name);
}

function each<Item>(value: unknown, check: (item: unknown, refuse: Refuse) => Item, refuse: Refuse): Item[] {
  if (!Array.isArray(value)) return refuse(`expected an array, found ${kindOf(value)}`);
  return value.map((item: unknown) => check(item, refuse));
}

function time(value: unknown, refuse: Refuse): Date {
  if (value instanceof Date && !Number.isNaN(value.getTime())) return value;
  return refuse(`expected a valid Date, found ${value instanceof Date ? "an invalid one" : describe(value)}`);
}

function json(value: object, refuse: Refuse): string {
  return (isPlain(value) ? plainText(value) : null) ?? refuse("expected plain JSON, as it is stored: a Date is its ISO string there");
}

// Within an AND, Prisma takes an empty OR for no filter at all, and would answer every row.
function anyOf(conditions: InstanceWhere[]): InstanceWhere {
  return conditions.length === 0 ? { workflow: { in: [] } } : { OR: conditions };
}

// Prisma compiles `startsWith` to LIKE without escaping: https://github.com/prisma/prisma/issues/19506
function family(prefix: string): InstanceWhere {
  return { workflow: { startsWith: prefix.replace(/[\\%_]/g, "\\$&") } };
}
