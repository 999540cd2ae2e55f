import { InvalidClientError } from "../errors.js";
import type { AnyWorkflows, WorkflowMap } from "../instance/workflows.js";
import { kindOf } from "../messages/describe.js";
import { isObject } from "../runtime/native-types.js";
import { checkOptions, type Rules } from "../storage/check-options.js";
import { createDatabaseStorage, DATABASE_OPTIONS, type DatabaseOptions } from "../storage/database-storage.js";
import type { SchemasOf, TypedWorkflows, WorkflowSchemas } from "../storage/schemas/schemas.js";
import type { InstanceStorage } from "../storage/storage.js";
import { explain, faultOf } from "./faults.js";
import type { SqlClient } from "./sql-client.js";
import { createSqlRows } from "./sql-rows.js";
import { TABLE_OPTION, tableOf, type TableOption } from "./table-name.js";

/** Options of `createSqlStorage`. */
export interface SqlStorageOptions<Schemas = WorkflowSchemas> extends DatabaseOptions<Schemas>, TableOption {}

export const SQL_STORAGE_OPTIONS: Rules<SqlStorageOptions> = { ...TABLE_OPTION, ...DATABASE_OPTIONS };

/** An {@link InstanceStorage} in PostgreSQL, through whatever sends SQL. */
export interface SqlStorage<Workflows extends WorkflowMap<Workflows> = AnyWorkflows> extends InstanceStorage<Workflows> {
  /**
   * The same storage inside a transaction of yours: what it writes is committed or rolled back with the rest of it. Nothing
   * is retried in there, and nothing coalesced.
   *
   * @throws {InvalidClientError} if it isn't a client whose `inTransaction` is `true`.
   * @example
   * ```ts
   * await db.transaction((tx) => storage.withTransaction(prisma8Client(db, tx)).insert(order));
   * ```
   */
  withTransaction(client: SqlClient): SqlStorage<Workflows>;
}

/** The storage of the workflows that are declared or, if none are, of those that the schemas describe. */
export type SqlStorageOf<Workflows extends WorkflowMap<Workflows>, Schemas> = SqlStorage<TypedWorkflows<Workflows, Schemas>>;

/**
 * Creates a storage on any driver, by a client that sends its statements, with the table that this package's migrations
 * create. For a pool of `pg` or one like it, use `createPgStorage`; for Prisma 8, this with its `prisma8Client`.
 *
 * Its workflows are typed as those of `createPrismaStorage` are.
 *
 * @throws {InvalidClientError} for anything that is not a {@link SqlClient}.
 * @throws {InvalidOptionError} for an option that is unknown or impossible.
 * @example
 * ```ts
 * const storage = createSqlStorage(prisma8Client(db));
 * await storage.put(createInstance({ id: "order::4711", workflow: "Order.V1" }));
 * ```
 */
export function createSqlStorage<
  Workflows extends WorkflowMap<Workflows> = AnyWorkflows,
  Schemas extends SchemasOf<Workflows> = SchemasOf<Workflows>,
>(client: SqlClient, options?: SqlStorageOptions<Schemas>): SqlStorageOf<Workflows, Schemas>;
export function createSqlStorage(client: SqlClient, options: SqlStorageOptions = {}): SqlStorage {
  const { table, ...rest } = checkOptions(options, SQL_STORAGE_OPTIONS);
  checkClient(client);
  const name = tableOf(table);
  const storageOn = (on: SqlClient): SqlStorage => ({
    ...createTableStorage(on, name, rest),
    withTransaction(inner) {
      checkClient(inner);
      if (!inner.inTransaction) throw new InvalidClientError("withTransaction takes a client that is inTransaction, found one that isn't");
      return storageOn(inner);
    },
  });
  return storageOn(client);
}

/** A storage on a table, whose name is quoted, through whatever sends SQL. */
export function createTableStorage(client: SqlClient, table: string, options: DatabaseOptions): InstanceStorage {
  return createDatabaseStorage(createSqlRows(client, table), options, { faultOf, explain });
}

const METHODS: readonly string[] = ["query", "execute", "transaction"];

function checkClient(client: unknown): void {
  if (isObject(client) && METHODS.every((name) => typeof client[name] === "function") && "inTransaction" in client) return;
  throw new InvalidClientError(`expected a SqlClient, with ${METHODS.join(", ")} and inTransaction, found ${kindOf(client)}`);
}
