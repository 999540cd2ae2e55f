import { isObject } from "./check.js";
import { COLUMNS, type Connection, isTransaction, type PrismaClientLike } from "./client.js";

// Every table like ours that this transaction has touched: Prisma's verbs know schema and name and don't tell, the locks do.
const TOUCHED_TABLES = `
  SELECT quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS "name"
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'p')
    AND c.oid IN (SELECT relation FROM pg_locks WHERE pid = pg_backend_pid() AND locktype = 'relation')
    AND (SELECT count(*) FROM pg_attribute a WHERE a.attrelid = c.oid
         AND a.attname IN ('id', 'workflow', 'workflow_version', 'status', 'state', 'inserted_at', 'updated_at')) = 7`;

const known = new WeakMap<PrismaClientLike, Promise<string | null>>();

/**
 * The qualified and quoted name of the table behind the client's model, for raw SQL: whatever its `@@map`, its
 * `@@schema` and the schema of the driver adapter. `null` where the client can't tell. Asked once for a client.
 */
export function tableOf({ client, root }: Connection): Promise<string | null> {
  let table = known.get(root);
  if (table === undefined) {
    table = isTransaction(client) ? askWithin(client) : ask(client);
    table.catch(() => known.delete(root));
    known.set(root, table);
  }
  return table;
}

async function ask(client: PrismaClientLike): Promise<string | null> {
  if (client.$transaction === undefined || client.$queryRawUnsafe === undefined) return null;
  const [, tables] = await client.$transaction([touch(client), client.$queryRawUnsafe(TOUCHED_TABLES)]);
  return nameIn(tables);
}

/** In the user's transaction, which may hold the pool's last connection. */
async function askWithin(client: PrismaClientLike): Promise<string | null> {
  await touch(client);
  return nameIn(await client.$queryRawUnsafe?.(TOUCHED_TABLES));
}

function touch(client: PrismaClientLike): PromiseLike<unknown> {
  return client.workflowInstance.findMany({ where: { id: "" }, orderBy: [{ id: "asc" }], select: COLUMNS });
}

function nameIn(tables: unknown): string | null {
  const names = Array.isArray(tables) ? tables.map((row: unknown) => (isObject(row) ? row.name : null)) : [];
  return names.length === 1 && typeof names[0] === "string" ? names[0] : null;
}
