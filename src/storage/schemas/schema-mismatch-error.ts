import { InstanceError, nameErrors } from "../../errors.js";
import type { StandardIssue } from "./standard-schema.js";

/**
 * A value that the schema of its workflow rejects: of an instance that was to be written, and nothing was, or of a
 * stored row. Validators' words may repeat the value, which may be a secret: they are in `issues`, and neither in the
 * message nor in what `console` shows of this error.
 */
export class SchemaMismatchError extends InstanceError {
  override readonly code = "SCHEMA_MISMATCH" as const;
  /** Name of the workflow. */
  readonly workflow: string;
  /** Where in the instance, such as `context.steps.pay.receipt`; in a row, `state.context.steps.pay.receipt`. */
  readonly path: string;
  readonly #issues: readonly StandardIssue[];

  constructor(id: string, workflow: string, path: string, message: string, issues: readonly StandardIssue[]) {
    super(id, message);
    this.workflow = workflow;
    this.path = path;
    this.#issues = issues;
  }

  /** What the validator has found, in its own words. */
  get issues(): readonly StandardIssue[] {
    return this.#issues;
  }
}

nameErrors({ SchemaMismatchError });
