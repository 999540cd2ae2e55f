import type { Rules } from "../check-options.js";
import type { Reject } from "../../messages/reject.js";
import { kindOf } from "../../messages/describe.js";
import { readPlainObject } from "../plain-object.js";
import type { JsonLikeObject } from "../../instance/instance.js";
import { formatPath } from "../../messages/path.js";
import { isStandardSchema, type StandardSchema } from "./standard-schema.js";
import type { AnyWorkflows, InitialOf, NameOf, WorkflowMap } from "../../instance/workflows.js";

/** The schemas of one workflow. What has none passes unchecked. */
export interface WorkflowSchema {
  /** Of what it is started with: `context.initial`. */
  readonly initial?: StandardSchema;
  /** Of what its steps add to `context.steps`, by the step's name; a step that has not run is not checked. */
  readonly steps?: { readonly [step: string]: StandardSchema };
}

/** Schemas by the names of their workflows. */
export interface WorkflowSchemas {
  readonly [workflow: string]: WorkflowSchema;
}

/** The schemas that workflows can have: what a schema takes must be of the type that is declared. */
export type SchemasOf<Workflows extends WorkflowMap<Workflows>> =
  string extends NameOf<Workflows>
    ? WorkflowSchemas
    : {
        readonly [Name in keyof Workflows]?: {
          readonly initial?: StandardSchema<InitialOf<Workflows[Name]>>;
          readonly steps?: StepSchemas<Workflows[Name]>;
        };
      };

type StepSchemas<Types> = Types extends { readonly steps: infer Steps extends object }
  ? { readonly [Step in keyof Steps]?: StandardSchema<Steps[Step]> }
  : { readonly [step: string]: StandardSchema };

/** The workflows that schemas describe. The types are those that the schemas take: what they make of it is never stored. */
export type WorkflowsOf<Schemas> = string extends keyof Schemas
  ? AnyWorkflows
  : { readonly [Name in keyof Schemas]: { readonly initial: InitialInput<Schemas[Name]>; readonly steps: StepInputs<Schemas[Name]> } };

type InitialInput<Schema> = Schema extends { readonly initial: StandardSchema<infer Input extends object> } ? Input : JsonLikeObject;
type StepInputs<Schema> = Schema extends { readonly steps: infer Steps extends object }
  ? { readonly [Step in keyof Steps]: Steps[Step] extends StandardSchema<infer Input> ? Input : never }
  : JsonLikeObject;

/** The workflows that are declared or, if none are, those that the schemas describe. */
export type TypedWorkflows<Workflows extends WorkflowMap<Workflows>, Schemas> =
  string extends NameOf<Workflows> ? WorkflowsOf<Schemas> : Workflows;

/** What checks the values of workflows. */
export interface SchemaOptions<Schemas = WorkflowSchemas> {
  /**
   * Validators of any library that implements Standard Schema (zod, valibot, arktype …) by the names of workflows. They
   * check what is put, inserted or updated before any SQL, and what is read; a mismatch throws `SCHEMA_MISMATCH`. They
   * may be async: a `put` takes its turn once they have returned. Workflows and steps without one pass unchecked.
   *
   * A value is checked, and never replaced: what a validator coerces, trims or fills in is neither stored nor
   * returned. Validators that transform must take on reading what they took on writing.
   */
  readonly schemas?: Schemas;
}

/** The option `schemas`: validators, and nothing else. */
function checkSchemas(value: unknown, reject: Reject): void {
  const at = (problem: string, path: readonly string[]): never => reject(`${problem} at ${formatPath("schemas", path)}`);
  const object = (found: unknown, ...path: string[]): JsonLikeObject => readPlainObject(found, (problem) => at(problem, path));
  const validator = (found: unknown, ...path: string[]): void => {
    if (!isStandardSchema(found)) at(`expected a validator of Standard Schema, such as z.object({ … }), found ${kindOf(found)}`, path);
  };
  for (const [workflow, schema] of Object.entries(object(value)))
    for (const [part, found] of Object.entries(object(schema, workflow)))
      if (part === "initial") validator(found, workflow, part);
      else if (part === "steps")
        for (const [step, one] of Object.entries(object(found, workflow, part))) validator(one, workflow, part, step);
      else at("expected initial and steps, found another key", [workflow, part]);
}

export const SCHEMA_OPTIONS: Rules<SchemaOptions> = { schemas: checkSchemas };
