import { checkVersion } from "../../instance/check.js";
import { isObject } from "../../runtime/native-types.js";
import { kindOf } from "../../messages/describe.js";
import { type Selection, toSelection } from "../../storage/selection.js";
import { hasUnstorable } from "../../values/plain.js";
import { asUsage, parseStatuses } from "../arguments.js";
import { UsageFailure } from "../failure.js";
import { parsePointInTime } from "./time.js";
import type { QueryFilters } from "../../storage/filters.js";

/** The options of a command line that say which instances are meant. */
export const FILTER_OPTIONS = {
  status: { type: "string" },
  workflow: { type: "string" },
  family: { type: "string", multiple: true },
  version: { type: "string" },
  id: { type: "string" },
  "inserted-before": { type: "string" },
  "inserted-after": { type: "string" },
  "updated-before": { type: "string" },
  "updated-after": { type: "string" },
  context: { type: "string" },
  state: { type: "string" },
} as const;

type FilterValues = {
  readonly [name in keyof typeof FILTER_OPTIONS]?:
    | ((typeof FILTER_OPTIONS)[name] extends { multiple: true } ? string[] : string)
    | undefined;
};

/** The instances that these options mean. @throws {UsageFailure} for what can't be meant. */
export function parseFilters(values: FilterValues): Selection {
  const now = Date.now();
  const time = (option: keyof FilterValues & `${string}-${string}`): Date | undefined => {
    const text = values[option];
    return text === undefined ? undefined : parsePointInTime(text, `--${option}`, now);
  };
  const filters: QueryFilters = {
    ...given("statusIn", values.status === undefined ? undefined : parseStatuses(values.status)),
    ...given("workflowIn", values.workflow?.split(",")),
    ...given("workflowFamilyIn", values.family),
    ...given("workflowVersion", values.version === undefined ? undefined : parseVersion(values.version)),
    ...given("id", values.id),
    ...given("insertedBefore", time("inserted-before")),
    ...given("insertedAfter", time("inserted-after")),
    ...given("updatedBefore", time("updated-before")),
    ...given("updatedAfter", time("updated-after")),
  };
  const contains: string[] = [];
  if (values.state !== undefined) contains.push(checkJson(values.state, "--state"));
  if (values.context !== undefined) contains.push(`{"context":{"initial":${checkJson(values.context, "--context")}}}`);
  return { ...asUsage(() => toSelection(filters, true)), contains };
}

/** The filter, if it is given: to the storage, `undefined` is an error. */
function given<Name extends keyof QueryFilters>(name: Name, value: QueryFilters[Name] | undefined): Pick<QueryFilters, Name> | object {
  return value === undefined ? {} : { [name]: value };
}

function parseVersion(text: string): number {
  return checkVersion(/^\d+$/.test(text) ? Number(text) : text, (problem) => {
    throw new UsageFailure(`--version is invalid: ${problem}`);
  });
}

/** The text of a JSON object as it is: to the database it goes with all digits of its numbers. */
function checkJson(text: string, option: string): string {
  const value = parseJson(text, option);
  if (!isObject(value))
    throw new UsageFailure(`${option} is invalid: expected a JSON object such as {"customer": 4711}, found ${kindOf(value)}`);
  if (hasUnstorable(JSON.stringify(value)))
    throw new UsageFailure(`${option} is invalid: PostgreSQL can't store a NUL character or a lone surrogate`);
  return text;
}

function parseJson(text: string, option: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UsageFailure(`${option} is invalid: expected a JSON object such as {"customer": 4711}, found no JSON`, { cause: error });
  }
}
