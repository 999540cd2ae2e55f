import { InvalidClientError, InvalidOptionError } from "../errors.js";
import { COLUMNS as TABLE_COLUMNS } from "../sql/columns.js";
import { faultOf } from "../sql/faults.js";
import { COLUMNS, type Connection, type InstanceDelegate, isTransaction } from "./client.js";
import {
  NAMED_RELATION,
  type Named,
  onlyTable,
  readNamed,
  readTouched,
  relationsOf,
  type Table,
  type Touched,
  TOUCHED_RELATIONS,
} from "./look-up.js";

/** The table, or why it isn't known. */
export interface LookUp {
  readonly table: Table | null;
  readonly cause?: unknown;
}

const known = new WeakMap<InstanceDelegate, Map<string | undefined, LookUp>>();

/**
 * The table behind the client's model, for raw SQL: the one that the option `table` names, or else the one that Prisma
 * reads, whatever its `@@map`, its `@@schema` and the schema of the driver adapter.
 *
 * Found out once for a client. Until then each call asks for itself: one that hangs must not hold up the others.
 *
 * @throws {InvalidOptionError} if the named table is missing, lacks a column, or isn't the one behind the model.
 */
async function tableOf(connection: Connection): Promise<LookUp> {
  const { client, root, table } = connection;
  const lookUps = known.get(root) ?? new Map<string | undefined, LookUp>();
  known.set(root, lookUps);
  const before = lookUps.get(table);
  if (before !== undefined) return before;
  const found = await (table === undefined ? find(connection) : check(connection, table));
  if (found.table !== null || !isTransaction(client)) lookUps.set(table, found); // outside, it may be found
  return found;
}

/** The same, for what needs raw SQL. @throws {InvalidClientError} if raw SQL can't be sent or is not allowed. */
export async function rawTable(connection: Connection, what: string): Promise<Table> {
  const { client, rawSql } = connection;
  if (!rawSql) throw new InvalidClientError(`${what} raw SQL, ${NOT_ALLOWED}`);
  if (client.$queryRawUnsafe === undefined || client.$executeRawUnsafe === undefined)
    throw new InvalidClientError(`${what} a client with raw SQL: $queryRawUnsafe and $executeRawUnsafe`);
  const { table, cause } = await tableOf(connection);
  if (table === null) throw noTable(what, cause);
  return table;
}

/** The table if raw SQL is allowed, can be sent, and finds it. */
export async function rawTableIfAny(connection: Connection): Promise<LookUp> {
  const { client, rawSql } = connection;
  return rawSql && client.$queryRawUnsafe !== undefined && client.$executeRawUnsafe !== undefined ? tableOf(connection) : { table: null };
}

export function noTable(what: string, cause: unknown): InvalidClientError {
  return new InvalidClientError(
    `${what} raw SQL, and the table behind the model can't be found out: it is found only by a client with transactions on ` +
      `PostgreSQL, if it is not a view and has the columns ${COLUMN_NAMES.join(", ")}. Name it: { table: "workflow_instances" }`,
    cause === undefined ? {} : { cause },
  );
}

const COLUMN_NAMES = Object.values(TABLE_COLUMNS);

const NOT_ALLOWED =
  "which goes around the client's query extensions, such as a filter for a tenant. If that does no harm, create the storage with " +
  "{ allowRawSql: true }, or on the client without these extensions";

async function find({ client, instances }: Connection): Promise<LookUp> {
  if (client.$queryRawUnsafe === undefined) return { table: null };
  // The user's transaction may hold the pool's last connection, and may have touched other tables like ours.
  if (isTransaction(client)) {
    const [before, after] = await touchWithin({ client, instances });
    return { table: onlyTable(before, after) };
  }
  if (client.$transaction === undefined) return { table: null };
  try {
    const [, touched] = await client.$transaction([touch(instances), client.$queryRawUnsafe(TOUCHED_RELATIONS)]);
    return { table: onlyTable([], readTouched(touched)) };
  } catch (cause) {
    if (faultOf(cause) !== null) throw cause;
    await touch(instances); // if this fails too, it isn't for want of transactions
    return { table: null, cause };
  }
}

async function check({ client, instances }: Connection, name: string): Promise<LookUp> {
  const { named, touched } = await readRelations({ client, instances }, name);
  const reject = (problem: string): never => {
    throw new InvalidOptionError("table", `the option "table" is invalid: ${problem}`);
  };
  if (named === null) return reject(`there is no table ${name} in this database. Give its schema too: "tenant_a.workflow_instances"`);
  const missing = COLUMN_NAMES.filter((column) => !named.columns.includes(column));
  if (missing.length > 0) return reject(`the table ${name} lacks the columns ${missing.join(", ")}`);
  const others = touched.map((relation) => relation.name);
  if (others.length > 0 && !touched.some(({ oid }) => oid === named.oid))
    return reject(`the model's rows are in ${others.join(", ")}, not in ${name}`);
  return { table: { name, distributed: named.distributed } };
}

type Caller = Pick<Connection, "client" | "instances">;

/** What a name stands for, and the relations that Prisma reads for the model; none if the client can't find that out. */
async function readRelations({ client, instances }: Caller, name: string): Promise<{ named: Named | null; touched: readonly Touched[] }> {
  const ask = (): PromiseLike<unknown> => client.$queryRawUnsafe?.(NAMED_RELATION, name) ?? Promise.resolve([]);
  if (isTransaction(client)) {
    const [before, after] = await touchWithin({ client, instances });
    return { named: readNamed(await ask()), touched: relationsOf(before, after) };
  }
  if (client.$transaction === undefined || client.$queryRawUnsafe === undefined) return { named: readNamed(await ask()), touched: [] };
  try {
    const [, touched, named] = await client.$transaction([touch(instances), client.$queryRawUnsafe(TOUCHED_RELATIONS), ask()]);
    return { named: readNamed(named), touched: relationsOf([], readTouched(touched)) };
  } catch (error) {
    if (faultOf(error) !== null) throw error;
    return { named: readNamed(await ask()), touched: [] };
  }
}

async function touchWithin({ client, instances }: Caller): Promise<[before: readonly Touched[], after: readonly Touched[]]> {
  const before = readTouched(await client.$queryRawUnsafe?.(TOUCHED_RELATIONS));
  await touch(instances);
  return [before, readTouched(await client.$queryRawUnsafe?.(TOUCHED_RELATIONS))];
}

/** Reads no row of the model's table. */
function touch(instances: InstanceDelegate): PromiseLike<unknown> {
  return instances.findMany({ where: { id: "" }, orderBy: [{ id: "asc" }], select: COLUMNS });
}
