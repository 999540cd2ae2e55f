import { isObject } from "../../runtime/native-types.js";
import { describe, kindOf } from "../../messages/describe.js";
import type { InstanceContext, Instance } from "../../instance/instance.js";
import { formatPath, type Segment } from "../../messages/path.js";
import { SchemaMismatchError } from "./schema-mismatch-error.js";
import type { WorkflowSchema, WorkflowSchemas } from "./schemas.js";
import type { StandardIssue, StandardSchema } from "./standard-schema.js";

/** The first value that does not fit its schema; `null` if everything fits. */
export type Mismatch = SchemaMismatchError | null;

/** Checks an instance that is to be written, or the one of a row: at once, or in a promise if a validator is async. */
export type SchemaCheck = (instance: Instance, of: "instance" | "row") => Mismatch | Promise<Mismatch>;

/** Checks instances against the schemas of their workflows. */
export function createSchemaCheck(schemas: WorkflowSchemas): SchemaCheck {
  const schemaOf = new Map(Object.entries(schemas));
  return (instance, of) => {
    // Anything that is not an instance has no schema: writing it says what it lacks.
    const context: unknown = isObject(instance) ? instance.context : undefined;
    const schema = isObject(context) ? schemaOf.get(instance.workflow) : undefined;
    if (schema === undefined) return null;
    return firstMismatch(checkedValues(schema, instance.context), (path, issues) => {
      const place = formatPath(of === "row" ? "state.context" : "context", path);
      const message =
        `${of} ${describe(instance.id)} doesn't fit the schema of its workflow ${describe(instance.workflow)} at ${place}: ` +
        "the validator says why in the error's issues";
      return new SchemaMismatchError(instance.id, instance.workflow, place, message, issues);
    });
  };
}

interface CheckedValue {
  readonly path: readonly string[];
  readonly value: unknown;
  readonly schema: StandardSchema;
}

function checkedValues({ initial, steps = {} }: WorkflowSchema, context: InstanceContext): CheckedValue[] {
  const done = isObject(context.steps) ? context.steps : {};
  return [
    ...(initial === undefined ? [] : [{ path: ["initial"], value: context.initial, schema: initial }]),
    ...Object.entries(steps).flatMap(([step, schema]) =>
      Object.hasOwn(done, step) ? [{ path: ["steps", step], value: done[step], schema }] : [],
    ),
  ];
}

type Describe = (path: readonly Segment[], issues: readonly StandardIssue[]) => SchemaMismatchError;

// One after the other: if a validator throws, no promise is left over.
function firstMismatch([first, ...rest]: readonly CheckedValue[], mismatch: Describe): Mismatch | Promise<Mismatch> {
  if (first === undefined) return null;
  const { path, value, schema } = first;
  const result = schema["~standard"].validate(value);
  const found = (issues: readonly StandardIssue[] | undefined): Mismatch | Promise<Mismatch> =>
    issues ? mismatch([...path, ...segmentsOf(issues[0])], issues) : firstMismatch(rest, mismatch);
  return "then" in result ? Promise.resolve(result).then(({ issues }) => found(issues)) : found(result.issues);
}

function segmentsOf({ path = [] }: Partial<StandardIssue> = {}): Segment[] {
  return Array.from(path, (segment) => {
    const key = typeof segment === "object" ? segment.key : segment;
    return typeof key === "symbol" ? { text: `[${kindOf(key)}]` } : key;
  });
}
