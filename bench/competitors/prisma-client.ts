import type { PrismaClient } from "../../generated/prisma/client.js";
import type { Target } from "../competitor.js";

/** A Prisma Client on a pool; with named statements, PostgreSQL plans each of them once a connection. */
export async function createClient({ url, pool }: Target, named: boolean): Promise<PrismaClient> {
  // Loaded by those who use it, so that it doesn't count as the memory of the others.
  const [{ PrismaPg }, { PrismaClient }] = await Promise.all([import("@prisma/adapter-pg"), import("../../generated/prisma/client.js")]);
  const names = new Map<string, string>();
  const statementNameGenerator = ({ sql }: { readonly sql: string }): string => {
    let name = names.get(sql);
    if (name === undefined) names.set(sql, (name = `s${names.size}`));
    return name;
  };
  return new PrismaClient({
    adapter: new PrismaPg({ connectionString: url, max: pool }, named ? { statementNameGenerator } : {}),
  });
}
