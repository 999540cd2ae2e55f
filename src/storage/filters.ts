import type { JsonLikeObject, Status } from "../instance/instance.js";
import type { NameOf } from "../instance/workflows.js";

/**
 * Which instances are meant: those that match every filter that is given, or all if none is. Filters are a plain object, each
 * of whose properties is read once. A list has at most 16,000 different names, and a time is of the years 1 to 9999.
 */
export interface QueryFilters<Name extends string = string> {
  /** The instance with exactly this id, 1 to 255 characters. */
  readonly id?: string;
  /** Instances of this status. */
  readonly status?: Status;
  /** Instances of any of these statuses; `[]` matches nothing. */
  readonly statusIn?: readonly Status[];
  /** Instances of exactly this workflow, 1 to 255 characters. */
  readonly workflow?: Name;
  /** Instances of any of these workflows; `[]` matches nothing. */
  readonly workflowIn?: readonly Name[];
  /** Instances that were started with this version of their workflow, a positive 32-bit integer. */
  readonly workflowVersion?: number;
  /** Workflows whose name starts with this text, to the letter: `%`, `_` and `\` mean themselves. */
  readonly workflowFamily?: string;
  /** Workflows whose name starts with any of these texts; `[]` matches nothing. */
  readonly workflowFamilyIn?: readonly string[];
  /** First stored before this time, and not at it. */
  readonly insertedBefore?: Date;
  /** First stored after this time, and not at it. */
  readonly insertedAfter?: Date;
  /** Last stored before this time, and not at it. */
  readonly updatedBefore?: Date;
  /** Last stored after this time, and not at it. */
  readonly updatedAfter?: Date;
  /**
   * Whose stored state contains this JSON, as PostgreSQL's `@>` means it, in the keys of the stored form:
   * `{ current_step: "pay" }`. Served by the GIN index; needs a client with raw SQL.
   */
  readonly stateContains?: JsonLikeObject;
  /** Whose `context.initial` contains this JSON; as `stateContains`. */
  readonly contextContains?: JsonLikeObject;
}

/**
 * Filters that select instances of the workflows `Name`, of all that are declared. If these are not all of them,
 * the filter must be there: one that can be missing (`{ workflow?: "Order.V2" }`) selects others too.
 */
export type FilterOf<Workflows, Name extends NameOf<Workflows>> = QueryFilters<Name> &
  (string extends NameOf<Workflows>
    ? unknown
    : [NameOf<Workflows>] extends [Name]
      ? unknown
      : { readonly workflow: Name } | { readonly workflowIn: readonly Name[] });
