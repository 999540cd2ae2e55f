import { InvalidClientError, InvalidOptionError } from "../errors.js";
import { isObject } from "../runtime/native-types.js";
import { quoteTable, type TableOption } from "../sql/table-name.js";
import { type Connection, isTransaction, type RawClient } from "./client.js";
import { hasQueryExtensions, isExtendedOnce } from "./extensions.js";
import { modelOf } from "./model.js";
import type { RawSqlOption } from "./options.js";
import { takesReadyText } from "./ready-text.js";

/** Which rows of a client, and how they may be reached. */
export interface Target extends TableOption, RawSqlOption {
  readonly model: string;
}

/** A client and what may be done with it. @throws {InvalidClientError} if it lacks the model, or the model a field. */
export function connectionOf(given: RawClient, { model, table, allowRawSql }: Target): Connection {
  modelOf(given, model);
  const client = primaryOf(given, model);
  const instances = modelOf(client, model);
  const extended = hasQueryExtensions(client, model, instances);
  const reject = (problem: string): never => {
    throw new InvalidOptionError("table", `the option "table" is invalid: ${problem}`);
  };
  return {
    client,
    instances,
    root: instances,
    table: table === undefined ? undefined : quoteTable(table, reject),
    extended,
    rawSql: allowRawSql ?? !extended,
    readyText: !extended && takesReadyText(client),
  };
}

/** The same inside a transaction. @throws {InvalidClientError} if the client lacks the model, or isn't that of a transaction. */
export function connectionWithin(outer: Connection, client: RawClient, { model, allowRawSql }: Target): Connection {
  const instances = modelOf(client, model);
  if (!isTransaction(client)) throw new InvalidClientError("withClient takes the client of an interactive transaction");
  const extended = outer.extended || hasQueryExtensions(client, model, instances);
  return { ...outer, client, instances, extended, rawSql: allowRawSql ?? !extended, readyText: outer.readyText && !extended };
}

/**
 * The client of the primary server, if reads of this one go to replicas: what is read there may be older than what was
 * written, and an update would begin with it over and over.
 */
function primaryOf(client: RawClient, model: string): RawClient {
  if (isTransaction(client) || typeof client.$primary !== "function") return client;
  const primary = client.$primary();
  if (!isObject(primary) || !isObject(primary[model])) return client; // a mock
  if (isExtendedOnce(client, primary)) return primary;
  throw new InvalidClientError(
    "this client reads from replicas, and its $primary() lacks extensions that were added later. " +
      "Add the extension for read replicas last, or give the storage a client that reads from the primary",
  );
}
