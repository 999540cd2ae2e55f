import { describe } from "../messages/describe.js";
import { POSTGRES_OPTIONS, type PostgresOptions } from "../sql/options.js";
import { flag, type Rules } from "../storage/check-options.js";
import type { WorkflowSchemas } from "../storage/schemas/schemas.js";
import type { DefaultModel } from "./client.js";

/** Whether raw SQL may be sent. */
export interface RawSqlOption {
  /**
   * Whether the storage may send raw SQL, which goes around the client's query extensions (`$extends({ query })`), such as
   * a filter for a tenant. Filters by containment and integers beyond ±(2^53−1) need it; `putMany` and `prune` are faster
   * with it.
   *
   * By default, it may if the client has no query extensions that concern the model, and isn't wrapped. Otherwise every
   * call goes through Prisma's methods, and those that can't are rejected with `INVALID_CLIENT`. `false` is the same for
   * any client.
   */
  readonly allowRawSql?: boolean;
}

/** How a storage on a Prisma Client behaves. */
export interface StorageOptions<Model extends string = DefaultModel, Schemas = WorkflowSchemas>
  extends PostgresOptions<Schemas>, RawSqlOption {
  /**
   * The client's property for the model, if your schema has it under another name: `"invoiceRun"` for `prisma.invoiceRun`.
   *
   * @defaultValue `"workflowInstance"`
   */
  readonly model?: Model;
}

export const STORAGE_OPTIONS: Rules<StorageOptions<string>> = {
  model: (value, reject) => {
    if (typeof value !== "string") reject(`expected the name of the client's property, found ${describe(value)}`);
  },
  allowRawSql: flag,
  ...POSTGRES_OPTIONS,
};
