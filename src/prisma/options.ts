import { InvalidOptionError } from "../errors.js";
import { describe } from "../messages/describe.js";
import { quoteTable } from "../sql/table-name.js";
import type { Rules } from "../storage/check-options.js";
import { DATABASE_OPTIONS, type DatabaseOptions } from "../storage/database-storage.js";
import type { WorkflowSchemas } from "../storage/schemas/schemas.js";
import type { DefaultModel } from "./client.js";

/** Options of `createPrismaStorage`. */
export interface PrismaStorageOptions<Model extends string = DefaultModel, Schemas = WorkflowSchemas> extends DatabaseOptions<Schemas> {
  /**
   * The client's property for the model, if your schema has it under another name: `"invoiceRun"` for `prisma.invoiceRun`.
   *
   * @defaultValue `"workflowInstance"`
   */
  readonly model?: Model;
  /**
   * The table of the model, with its schema: `"public.workflow_instances"`. With it, the storage sends SQL of its own through
   * the same client and its transactions: exact digits, containment, `bigIntegers: "bigint"`, `coalesceReads`,
   * `coalesceWrites`, and puts in half of the client's time. The client's query extensions of the model, such as a tenant's
   * filter, see nothing of it. Names are taken to the letter; one with other characters than letters, digits, `_` and `$`
   * stands in double quotes.
   *
   * @defaultValue none: Prisma's verbs, and nothing else
   */
  readonly table?: string;
}

export const PRISMA_STORAGE_OPTIONS: Rules<PrismaStorageOptions<string>> = {
  model: (value, reject) => {
    if (typeof value !== "string") reject(`expected the name of the client's property, found ${describe(value)}`);
  },
  table: (value, reject) => void quoteTable(value, reject, true),
  ...DATABASE_OPTIONS,
};

/** @throws {InvalidOptionError} for options that only SQL can serve. */
export function checkVerbs({ bigIntegers, coalesceReads, coalesceWrites }: DatabaseOptions): void {
  const needed = { bigIntegers: bigIntegers === "bigint", coalesceReads, coalesceWrites };
  const [option] = Object.entries(needed).find(([, isNeeded]) => isNeeded) ?? [];
  if (option === undefined) return;
  throw new InvalidOptionError(
    option,
    `the option "${option}" needs SQL, which Prisma's verbs can't do: name the table too, such as { table: "public.workflow_instances" }`,
  );
}
