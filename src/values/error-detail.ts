import type { Inner } from "./meta.js";
import type { ErrorName } from "./native-class.js";

// In place of an error stands what everyone expects of one. Other keys would be no atoms to an Elixir application that
// reads the row, which then fails: what else an error has is kept in the meta.
export const SHOWN: readonly string[] = ["name", "message", "stack"];

// As JavaScript itself makes them.
export const HIDDEN: readonly string[] = ["message", "stack", "cause", "errors"];

/** What an error was, beside what is shown of it. */
export interface ErrorDetail {
  readonly class: ErrorName;
  /** Whether the name is a property of its own. */
  readonly named?: true;
  /** The properties that are enumerable though JavaScript makes them otherwise, or the other way round. */
  readonly unusual?: readonly string[];
  /** All other properties of its own, and what they were. */
  readonly rest?: object;
  readonly values?: Inner;
}
