import { OBSERVER_OPTIONS, type ObserverOptions } from "../storage/observability/observer.js";
import { SCHEMA_OPTIONS, type SchemaOptions, type WorkflowSchemas } from "../storage/schemas/schemas.js";
import { RETRY_OPTION, type RetryOption } from "../postgres/retry.js";
import { TIMEOUT_OPTION, type TimeoutOption } from "../postgres/timeout.js";
import { GROUP_COMMIT_OPTIONS, type GroupCommitOptions } from "../storage/group-commit.js";
import type { StateOptions } from "../storage/options.js";
import { type Rules, STATE_OPTIONS } from "../storage/check-options.js";
import type { DefaultModel } from "./client.js";
import { describe } from "../instance/describe.js";

/** How a storage on a Prisma Client behaves. */
export interface StorageOptions<Model extends string = DefaultModel, Schemas = WorkflowSchemas>
  extends StateOptions, GroupCommitOptions, RetryOption, TimeoutOption, SchemaOptions<Schemas>, ObserverOptions {
  /**
   * The client's property for the model, where your schema has it under another name: `"invoiceRun"` for
   * `prisma.invoiceRun`. `"workflowInstance"` where it is left out.
   */
  readonly model?: Model;
}

export const STORAGE_OPTIONS: Rules<StorageOptions<string>> = {
  model: (value, refuse) => {
    if (typeof value !== "string") refuse(`expected the name of the client's property, found ${describe(value)}`);
  },
  ...STATE_OPTIONS,
  ...GROUP_COMMIT_OPTIONS,
  ...RETRY_OPTION,
  ...TIMEOUT_OPTION,
  ...SCHEMA_OPTIONS,
  ...OBSERVER_OPTIONS,
};
