import { PrismaPg } from "@prisma/adapter-pg";
import { type PrismaStorage, startStorage } from "hephaestus-prisma";
import pg from "pg";
import { PrismaClient } from "../../../generated/prisma/client.js";

// Next.js evaluates this module again after every edit, and may bundle it more than once. globalThis survives
// that: one client, and so one pool of connections, for each process.
const held: typeof globalThis & { prisma?: PrismaClient } = globalThis;

export const prisma: PrismaClient = (held.prisma ??= connect());

// A second start under a name replaces the first, so these lines may run any number of times, and an edit of the options
// takes effect at once. Storages hold no connections; all storages on one client share its pool.
export const orders: PrismaStorage = startStorage({ client: prisma, name: "orders", maxStateBytes: 100_000 });
export const imports: PrismaStorage = startStorage({
  client: prisma,
  name: "imports",
  table: "public.workflow_instances",
  coalesceWrites: true,
});

function connect(): PrismaClient {
  const connectionString = process.env.DATABASE_URL;
  if (connectionString === undefined) throw new Error("set DATABASE_URL to the connection string of a PostgreSQL database");
  const pool = new pg.Pool({ connectionString, max: 10, application_name: "nextjs-example" });
  pool.on("connect", (client) => client.on("error", () => {})); // a lost connection fails its call: it must not end the process
  return new PrismaClient({ adapter: new PrismaPg(pool, { disposeExternalPool: true }) });
}
