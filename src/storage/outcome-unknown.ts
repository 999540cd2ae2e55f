import { OutcomeUnknownError, TimeoutError } from "../errors.js";
import { quote } from "../messages/quote.js";

const SHOWN = 3;

/** Makes the error for writes that may or may not have been executed. `cause` says what ended the wait for them. */
export function outcomeUnknown(ids: readonly string[], cause: unknown): OutcomeUnknownError {
  const shown = ids.slice(0, SHOWN).map(quote).join(", ");
  const more = ids.length > SHOWN ? ` and ${ids.length - SHOWN} more` : "";
  const many = ids.length > 1;
  const what = many ? `${ids.length} instances (${shown}${more}) were` : `instance ${shown} was`;
  const why = cause instanceof TimeoutError ? cause.message : "the connection was lost, or the call was ended,";
  return new OutcomeUnknownError(
    ids,
    `${why} while ${what} being written: the write may or may not have been executed. Read ${many ? "them" : "it"} to find out.`,
    { cause },
  );
}
