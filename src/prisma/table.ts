import { isObject } from "../instance/check.js";
import { COLUMNS as TABLE_COLUMNS } from "../postgres/columns.js";
import { COLUMNS, type Connection, type InstanceDelegate, isTransaction } from "./client.js";
import { InvalidClientError } from "../errors.js";

const COLUMN_NAMES = Object.values(TABLE_COLUMNS);

// Every table like ours that this transaction has touched, and how often it was read in it: Prisma's verbs know schema
// and name and don't tell, the locks do.
const TOUCHED_TABLES = `
  SELECT quote_ident(schemaname) || '.' || quote_ident(relname) AS "name", (seq_scan + coalesce(idx_scan, 0))::float8 AS "reads"
  FROM pg_stat_xact_user_tables
  WHERE relid IN (SELECT relation FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'relation')
    AND (SELECT count(*) FROM pg_attribute
         WHERE attrelid = relid AND attname IN (${COLUMN_NAMES.map((name) => `'${name}'`).join(", ")})) = ${COLUMN_NAMES.length}`;

const known = new WeakMap<InstanceDelegate, Promise<string | null>>();

/**
 * The qualified and quoted name of the table behind the client's model, for raw SQL: whatever its `@@map`, its
 * `@@schema` and the schema of the driver adapter. `null` where the client can't tell. Asked once for a model.
 */
export function tableOf(connection: Connection): Promise<string | null> {
  const { client, root } = connection;
  let table = known.get(root);
  if (table === undefined) {
    table = isTransaction(client) ? askWithin(connection) : ask(connection);
    const forget = (): void => void known.delete(root);
    table.then((name) => name === null && isTransaction(client) && forget(), forget); // outside, it may be told
    known.set(root, table);
  }
  return table;
}

/** Why there is no {@link tableOf}, for what can't do without it. */
export function noTable({ client }: Connection, what: string): InvalidClientError {
  const hasRawSql = client.$queryRawUnsafe !== undefined && (client.$transaction !== undefined || isTransaction(client));
  return new InvalidClientError(
    hasRawSql
      ? `${what} raw SQL, and found no table with the columns ${COLUMN_NAMES.join(", ")} behind the model. ` +
          "Give its fields the column names of hephaestus-prisma's workflow-instance.prisma, with @map"
      : `${what} a client with raw SQL: $queryRawUnsafe, $executeRawUnsafe and $transaction`,
  );
}

async function ask({ client, instances }: Connection): Promise<string | null> {
  if (client.$transaction === undefined || client.$queryRawUnsafe === undefined) return null;
  const [, touched] = await client.$transaction([touch(instances), client.$queryRawUnsafe(TOUCHED_TABLES)]);
  return onlyNew([], touched);
}

/** In the user's transaction, which may hold the pool's last connection, and may have touched other tables like ours. */
async function askWithin({ client, instances }: Connection): Promise<string | null> {
  const before = await client.$queryRawUnsafe?.(TOUCHED_TABLES);
  await touch(instances);
  return onlyNew(before, await client.$queryRawUnsafe?.(TOUCHED_TABLES));
}

function touch(instances: InstanceDelegate): PromiseLike<unknown> {
  return instances.findMany({ where: { id: "" }, orderBy: [{ id: "asc" }], select: COLUMNS });
}

/** The only table that was touched since, or read more often. */
function onlyNew(before: unknown, after: unknown): string | null {
  const reads = new Map(rowsOf(before).map((row) => [row.name, row.reads]));
  const names = rowsOf(after).flatMap((row) => (reads.get(row.name) === row.reads ? [] : row.name));
  return names.length === 1 && typeof names[0] === "string" ? names[0] : null;
}

function rowsOf(answer: unknown): Readonly<Record<string, unknown>>[] {
  return Array.isArray(answer) ? answer.filter(isObject) : [];
}
