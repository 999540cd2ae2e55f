import type { PrismaClient } from "../generated/prisma/client.js";
import type { CandidateDatabase } from "./candidate.js";

/** Called by the adapter with each statement; returns the statement's name. */
type StatementNameGenerator = (query: { readonly sql: string; readonly args: unknown[] }) => string;

/** Creates a Prisma Client on a pool. Without `statementNameGenerator`, its statements are unnamed. */
export async function createClient(
  { url, pool }: CandidateDatabase,
  statementNameGenerator?: StatementNameGenerator,
): Promise<PrismaClient> {
  // Imported only when used, so that it does not count toward the memory of candidates without Prisma.
  const [{ PrismaPg }, { PrismaClient }] = await Promise.all([import("@prisma/adapter-pg"), import("../generated/prisma/client.js")]);
  return new PrismaClient({
    adapter: new PrismaPg({ connectionString: url, max: pool }, statementNameGenerator ? { statementNameGenerator } : {}),
  });
}

/** One name for each statement: PostgreSQL then plans it once a connection instead of once a call. */
export function nameStatements(): StatementNameGenerator {
  const names = new Map<string, string>();
  return ({ sql }) => {
    let name = names.get(sql);
    if (name === undefined) names.set(sql, (name = `s${names.size}`));
    return name;
  };
}
