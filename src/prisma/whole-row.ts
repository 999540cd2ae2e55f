import { InvalidClientError } from "../errors.js";
import type { Select } from "./client.js";

/** A row with all columns that were selected. @throws {InvalidClientError} if the client has left one out. */
export function whole<Row extends object>(row: Partial<Row>, select: Select<Row>): Row {
  if (isWhole(row, select)) return row;
  const missing = Object.keys(select).filter((name) => !(name in row));
  throw new InvalidClientError(`the client returned a row without the columns ${missing.join(", ")}, which were selected`);
}

function isWhole<Row extends object>(row: Partial<Row>, select: Select<Row>): row is Row {
  for (const name in select) if (row[name] === undefined) return false;
  return true;
}
