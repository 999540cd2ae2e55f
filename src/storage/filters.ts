import type { JsonLikeObject, Status } from "../instance/instance.js";
import type { NameOf } from "../instance/workflows.js";

/** Which instances are meant: those that match every filter that is given, all where none is. */
export interface QueryFilters<Name extends string = string> {
  readonly id?: string;
  readonly status?: Status;
  /** Any of these; `[]` matches nothing. */
  readonly statusIn?: readonly Status[];
  readonly workflow?: Name;
  /** Any of these; `[]` matches nothing. */
  readonly workflowIn?: readonly Name[];
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
 * Filters that select instances of the workflows `Name`, of all that are declared. Where these are not all of them,
 * the filter must be there: one that can be missing (`{ workflow?: "Order.V2" }`) selects others too.
 */
export type FilterOf<Workflows, Name extends NameOf<Workflows>> = QueryFilters<Name> &
  (string extends NameOf<Workflows>
    ? unknown
    : [NameOf<Workflows>] extends [Name]
      ? unknown
      : { readonly workflow: Name } | { readonly workflowIn: readonly Name[] });
