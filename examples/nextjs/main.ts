// What Next.js does with these files, without Next.js: it calls the handlers, and evaluates modules again after an edit.
import { randomUUID } from "node:crypto";
import { PrismaPg } from "@prisma/adapter-pg";
import { deployMigrations } from "hephaestus-prisma/migrate";
import { GET, POST, PUT } from "./app/api/orders/[id]/route.js";
import { prisma } from "./lib/storage.js";

await deployMigrations(new PrismaPg({ connectionString: process.env.DATABASE_URL })); // in production: before `next start`

const id = randomUUID().slice(0, 8);
const context = { params: Promise.resolve({ id }) };
const request = (method: string, body?: object): Request =>
  new Request(`http://localhost/api/orders/${id}`, { method, ...(body && { body: JSON.stringify(body) }) });
const print = async (call: string, response: Response): Promise<void> =>
  console.log(`${call}: ${response.status} ${await response.text()}`);

await print("GET      ", await GET(request("GET"), context));
await print("PUT      ", await PUT(request("PUT", { sku: "A-1" }), context));
await print("PUT again", await PUT(request("PUT", { sku: "A-1" }), context));
await print("POST     ", await POST(request("POST"), context));

console.log("\nAn edit makes Next.js evaluate lib/storage.ts again, ten times:");
for (let edit = 1; edit <= 10; edit++) await import(`./lib/storage.ts?edit=${edit}`);
await print("GET      ", await GET(request("GET"), context));
const connections = await prisma.$queryRaw`
  SELECT count(*)::int AS connections FROM pg_stat_activity WHERE application_name = 'nextjs-example' AND datname = current_database()`;
console.log("connections to the database:", connections);
await prisma.$disconnect();
