import { InvalidClientError } from "../errors.js";
import type { AnyWorkflows, WorkflowMap } from "../instance/workflows.js";
import { kindOf } from "../messages/describe.js";
import { isObject } from "../runtime/native-types.js";
import { createSqlStorage, type SqlStorage } from "../sql/sql-storage.js";
import { checkOptions } from "../storage/check-options.js";
import type { SchemasOf, TypedWorkflows } from "../storage/schemas/schemas.js";
import type { InstanceStorage } from "../storage/storage.js";
import type { PgClientLike, PgPoolLike } from "./client.js";
import { PG_STORAGE_OPTIONS, type PgStorageOptions } from "./options.js";
import { clientSql, poolSql } from "./pg-sql.js";

/** An {@link InstanceStorage} in PostgreSQL, straight through the driver. */
export interface PgStorage<Workflows extends WorkflowMap<Workflows> = AnyWorkflows> extends InstanceStorage<Workflows> {
  /**
   * The same storage inside a transaction of yours, which you have begun on this client: what it writes is committed or
   * rolled back with the rest of it. Nothing is retried in there, and nothing coalesced.
   *
   * @throws {InvalidClientError} if it isn't a client, or, with each call, if the client is in no transaction (as far as `pg`
   * can tell: from 8.23 on). A pool isn't a client: it would spread a transaction over connections.
   * @example
   * ```ts
   * const client = await pool.connect();
   * try {
   *   await client.query("BEGIN");
   *   await client.query("INSERT INTO orders (id) VALUES ($1)", [order.id]);
   *   await storage.withTransaction(client).insert(createInstance({ id: order.id, workflow: "Order.V1" }));
   *   await client.query("COMMIT");
   * } catch (error) {
   *   await client.query("ROLLBACK");
   *   throw error;
   * } finally {
   *   client.release();
   * }
   * ```
   */
  withTransaction(client: PgClientLike): PgStorage<Workflows>;
}

/** The storage of the workflows that are declared or, if none are, of those that the schemas describe. */
export type PgStorageOf<Workflows extends WorkflowMap<Workflows>, Schemas> = PgStorage<TypedWorkflows<Workflows, Schemas>>;

/**
 * Creates a storage on your own `pg` pool, or one like it, with the table that this package's migrations create. It holds no
 * connection and no instance of its own: one pool can serve any number of storages, and Prisma beside them.
 *
 * Its workflows are typed as those of `createPrismaStorage` are.
 *
 * @throws {InvalidClientError} for anything that is not a pool.
 * @throws {InvalidOptionError} for an option that is unknown or impossible.
 * @example
 * ```ts
 * const storage = createPgStorage(new pg.Pool({ connectionString }));
 * await storage.put(createInstance({ id: "order::4711", workflow: "Order.V1" }));
 * ```
 */
export function createPgStorage<
  Workflows extends WorkflowMap<Workflows> = AnyWorkflows,
  Schemas extends SchemasOf<Workflows> = SchemasOf<Workflows>,
>(pool: PgPoolLike, options?: PgStorageOptions<Schemas>): PgStorageOf<Workflows, Schemas>;
export function createPgStorage(pool: PgPoolLike, options: PgStorageOptions = {}): PgStorage {
  const { namedStatements = true, ...rest } = checkOptions(options, PG_STORAGE_OPTIONS);
  checkPool(pool);
  const onClients = (storage: SqlStorage): PgStorage => ({
    ...storage,
    withTransaction(client) {
      checkClient(client);
      return onClients(storage.withTransaction(clientSql(client, namedStatements)));
    },
  });
  return onClients(createSqlStorage(poolSql(pool, namedStatements), rest));
}

function checkPool(pool: unknown): void {
  if (isPool(pool)) return;
  throw new InvalidClientError(`expected a pool, such as new pg.Pool({ connectionString }), found ${nameFor(pool)}`);
}

function checkClient(client: unknown): void {
  if (hasMethods(client, "query") && !isPool(client) && !("totalCount" in client)) return;
  throw new InvalidClientError(
    `withTransaction takes the client that your transaction was begun on, such as that of pool.connect(), found ${nameFor(client)}`,
  );
}

/** A client of `pg` can connect too, but a pool's has `release`, and every one has `setTypeParser`. */
function isPool(value: unknown): boolean {
  return hasMethods(value, "query", "connect") && !hasMethods(value, "release") && !hasMethods(value, "setTypeParser");
}

function hasMethods(value: unknown, ...names: readonly string[]): value is object {
  return isObject(value) && names.every((name) => typeof value[name] === "function");
}

function nameFor(value: unknown): string {
  if (hasMethods(value, "$transaction")) return "a Prisma Client: give that to createPrismaStorage of hephaestus-prisma";
  if (!hasMethods(value, "query")) return kindOf(value);
  return isPool(value) ? "a pool" : "a client";
}
