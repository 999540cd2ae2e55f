import { isObject } from "./check.js";
import { COLUMNS, type PrismaClientLike } from "./client.js";

// Every table that this transaction has touched: Prisma's verbs know schema and name and don't tell, but the locks do.
const TOUCHED_TABLES = `
  SELECT DISTINCT quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS "name"
  FROM pg_locks l JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE l.pid = pg_backend_pid() AND c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema')`;

const asked = new WeakMap<PrismaClientLike, Promise<string | null>>();

/**
 * The qualified and quoted name of the table behind the client's model, for raw SQL: whatever its `@@map`, its
 * `@@schema` and the schema of the driver adapter. `null` where the client can't tell. Asked once for a client.
 */
export function tableOf(client: PrismaClientLike): Promise<string | null> {
  let table = asked.get(client);
  if (table === undefined) {
    table = ask(client);
    table.catch(() => asked.delete(client));
    asked.set(client, table);
  }
  return table;
}

async function ask(client: PrismaClientLike): Promise<string | null> {
  if (client.$transaction === undefined || client.$queryRawUnsafe === undefined) return null;
  const touch = client.workflowInstance.findMany({ where: { id: "" }, orderBy: { id: "asc" }, select: COLUMNS });
  const [, tables] = await client.$transaction([touch, client.$queryRawUnsafe(TOUCHED_TABLES)]);
  const names = Array.isArray(tables) ? tables.map((row: unknown) => (isObject(row) ? row.name : null)) : [];
  return names.length === 1 && typeof names[0] === "string" ? names[0] : null;
}
