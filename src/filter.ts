import { checkColumn, checkObject, checkStatus, checkText, checkVersion, type Refuse } from "./check.js";
import type { InstanceWhere } from "./client.js";
import { kindOf } from "./describe.js";
import { InvalidFilterError } from "./errors.js";
import type { Status } from "./instance.js";

/** Which instances are meant: those that match every filter that is given, all where none is. */
export interface QueryFilters {
  readonly id?: string;
  readonly status?: Status;
  /** Any of these; `[]` matches nothing. */
  readonly statusIn?: readonly Status[];
  readonly workflow?: string;
  readonly workflowVersion?: number;
  /** Workflows whose name starts with this text, to the letter: `%`, `_` and `\` mean themselves. */
  readonly workflowFamily?: string;
}

/** Prisma's `where` for the filters. @throws {InvalidFilterError} for one that is unknown, `undefined` or of the wrong type. */
export function toWhere(filters: QueryFilters): InstanceWhere {
  const given = checkObject(filters, (problem) => {
    throw new InvalidFilterError("", `the filters are invalid: ${problem}`);
  });
  return { AND: Object.entries(given).map(([name, value]) => condition(name, value)) };
}

const CONDITIONS: Readonly<Record<keyof QueryFilters, (value: unknown, refuse: Refuse) => InstanceWhere>> = {
  id: (value, refuse) => ({ id: checkColumn(value, refuse) }),
  status: (value, refuse) => ({ status: checkStatus(value, refuse) }),
  statusIn: (value, refuse) => ({ status: { in: statuses(value, refuse) } }),
  workflow: (value, refuse) => ({ workflow: checkColumn(value, refuse) }),
  workflowVersion: (value, refuse) => ({ workflowVersion: checkVersion(value, refuse) }),
  workflowFamily: (value, refuse) => ({ workflow: { startsWith: escapeLike(checkText(value, refuse)) } }),
};

function condition(name: string, value: unknown): InstanceWhere {
  const refuse: Refuse = (problem) => {
    throw new InvalidFilterError(name, `the filter ${JSON.stringify(name)} is invalid: ${problem}`);
  };
  return isFilter(name)
    ? CONDITIONS[name](value, refuse)
    : refuse(`there is no such filter; there are ${Object.keys(CONDITIONS).join(", ")}`);
}

function isFilter(name: string): name is keyof QueryFilters {
  return Object.hasOwn(CONDITIONS, name);
}

function statuses(value: unknown, refuse: Refuse): Status[] {
  if (!Array.isArray(value)) return refuse(`expected an array of statuses, found ${kindOf(value)}`);
  return value.map((status: unknown) => checkStatus(status, refuse));
}

// Prisma compiles `startsWith` to LIKE without escaping: https://github.com/prisma/prisma/issues/19506
function escapeLike(prefix: string): string {
  return prefix.replace(/[\\%_]/g, "\\$&");
}
