import { InvalidClientError, InvalidOptionError } from "../errors.js";
import { isObject } from "../runtime/native-types.js";
import { kindOf } from "../messages/describe.js";
import type { AnyWorkflows, WorkflowMap } from "../instance/workflows.js";
import { createRetry, type Retry } from "../storage/retry.js";
import { quoteTable } from "../sql/table-name.js";
import { createCodec } from "../values/codec.js";
import { checkOptions } from "../storage/check-options.js";
import { createDecorate, type Decorate } from "../storage/decorated-storage.js";
import { createInstanceStorage, type InstanceStorageDependencies } from "../storage/instance-storage.js";
import type { SchemasOf, TypedWorkflows } from "../storage/schemas/schemas.js";
import type { Storage } from "../storage/storage.js";
import type { PgClientLike, PgPoolLike } from "./client.js";
import { PG_STORAGE_OPTIONS, type PgStorageOptions } from "./options.js";
import { connectionOfClient, connectionOfPool, type PgConnection } from "./pg-connection.js";
import { createPgRows } from "./pg-rows.js";
import { createStatementNames } from "./statement-names.js";

const DEFAULT_TABLE = "workflow_instances";

/** A {@link Storage} in PostgreSQL, straight through the driver. */
export interface PgStorage<Workflows extends WorkflowMap<Workflows> = AnyWorkflows> extends Storage<Workflows> {
  /**
   * The same storage inside a transaction of yours, which you have begun on this client: what it writes is committed or
   * rolled back with the rest of it. Nothing is tried again in there after a fault, and nothing coalesced.
   *
   * @throws {InvalidClientError} if it isn't a client. A pool isn't one: it would spread a transaction over connections.
   * @example
   * ```ts
   * const client = await pool.connect();
   * try {
   *   await client.query("BEGIN");
   *   await client.query("INSERT INTO orders (id) VALUES ($1)", [order.id]);
   *   await storage.withClient(client).insert(createInstance({ id: order.id, workflow: "Order.V1" }));
   *   await client.query("COMMIT");
   * } catch (error) {
   *   await client.query("ROLLBACK");
   *   throw error;
   * } finally {
   *   client.release();
   * }
   * ```
   */
  withClient(client: PgClientLike): PgStorage<Workflows>;
}

/** The storage of the workflows that are declared or, if none are, of those that the schemas describe. */
export type PgStorageOf<Workflows extends WorkflowMap<Workflows>, Schemas> = PgStorage<TypedWorkflows<Workflows, Schemas>>;

/**
 * A storage on your own `pg` pool, or one like it, with the table that this package's migrations create. It holds no
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
  const {
    bigIntegers = "error",
    maxStateBytes = Infinity,
    coalesceWrites = false,
    retry = {},
    timeoutMs,
    namedStatements = true,
    table = DEFAULT_TABLE,
    ...decorations
  } = checkOptions(options, PG_STORAGE_OPTIONS);
  checkPool(pool);
  const nameOf = namedStatements ? createStatementNames() : () => undefined;
  const codec = createCodec(bigIntegers === "bigint");
  return bind({
    codec,
    maxStateBytes,
    coalesceWrites,
    table: quoteTable(table, (problem) => {
      throw new InvalidOptionError("table", problem);
    }),
    decorate: createDecorate(decorations, codec),
    retry: createRetry(retry, timeoutMs),
    timeoutMs,
    nameOf,
    connection: connectionOfPool(pool, nameOf),
  });
}

interface PgBinding extends InstanceStorageDependencies {
  readonly table: string;
  readonly connection: PgConnection;
  readonly nameOf: (text: string) => string | undefined;
  readonly retry: Retry;
  readonly timeoutMs: number | undefined;
  readonly decorate: Decorate;
}

function bind(binding: PgBinding): PgStorage {
  const { table, connection, retry, timeoutMs, decorate, nameOf } = binding;
  return {
    ...decorate(createInstanceStorage(createPgRows(table, connection, retry), binding)),

    withClient(client) {
      checkClient(client);
      const inner = connectionOfClient(client, nameOf);
      return bind({ ...binding, connection: inner, retry: createRetry(false, timeoutMs), coalesceWrites: false });
    },
  };
}

/** A client of `pg` can connect too, but not lend clients. */
function checkPool(pool: unknown): void {
  if (hasMethods(pool, "query", "connect") && !hasMethods(pool, "setTypeParser")) return;
  throw new InvalidClientError(`expected a pool, such as new pg.Pool({ connectionString }), found ${nameFor(pool)}`);
}

function checkClient(client: unknown): void {
  if (hasMethods(client, "query") && !("totalCount" in client)) return;
  throw new InvalidClientError(
    `withClient takes the client that your transaction was begun on, such as that of pool.connect(), found ${nameFor(client)}`,
  );
}

function hasMethods(value: unknown, ...names: readonly string[]): value is object {
  return isObject(value) && names.every((name) => typeof value[name] === "function");
}

function nameFor(value: unknown): string {
  if (!hasMethods(value, "query")) return kindOf(value);
  return hasMethods(value, "setTypeParser") ? "a client" : "a pool";
}
