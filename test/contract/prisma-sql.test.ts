import { createHash } from "node:crypto";
import { createPrismaStorage } from "hephaestus-prisma";
import type { PrismaClient } from "../../generated/prisma/client.js";
import { type PgBouncer, startPgBouncer } from "../../tools/pgbouncer.js";
import { connectClient, databases, preparePartitionedDatabase, preparePostgresDatabase } from "../database.js";
import { contractOn } from "./contract-on.js";
import { IN_TRANSACTIONS, inTransactions } from "./in-transactions.js";
import { fittingSchemas } from "./fitting-schemas.js";

const table = "public.workflow_instances";

for (const { on, prepare } of databases)
  contractOn({ name: `SQL through Prisma on ${on}`, prepare, create: ({ client }) => createPrismaStorage(client, { table }) });

contractOn({
  name: 'SQL through Prisma with bigIntegers: "bigint", both coalescings and schemas',
  prepare: preparePostgresDatabase,
  create: ({ client }) =>
    createPrismaStorage(client, { table, bigIntegers: "bigint", coalesceReads: true, coalesceWrites: true, schemas: fittingSchemas }),
});

let named: PrismaClient;
contractOn({
  name: "SQL through Prisma by named statements",
  prepare: preparePostgresDatabase,
  create({ url }) {
    const statementNameGenerator = ({ sql }: { sql: string }): string => createHash("sha1").update(sql).digest("base64url");
    named = connectClient({ connectionString: url }, { statementNameGenerator });
    return createPrismaStorage(named, { table });
  },
  end: () => named.$disconnect(),
});

let bouncer: PgBouncer;
let bounced: PrismaClient;
contractOn({
  name: "SQL through Prisma behind PgBouncer",
  prepare: preparePostgresDatabase,
  async create({ url }) {
    bouncer = await startPgBouncer(url);
    bounced = connectClient({ connectionString: bouncer.url, max: 30 });
    return createPrismaStorage(bounced, { table });
  },
  async end() {
    await bounced.$disconnect();
    await bouncer.stop();
  },
});

contractOn({
  name: "SQL through Prisma on a partitioned table",
  prepare: preparePartitionedDatabase,
  create: ({ client }) => createPrismaStorage(client, { table }),
});

contractOn({
  name: "SQL through Prisma in transactions",
  leftOut: IN_TRANSACTIONS,
  prepare: preparePostgresDatabase,
  create({ client }) {
    const storage = createPrismaStorage(client, { table });
    const options = { timeout: 60_000, maxWait: 60_000 };
    return inTransactions(storage, (call) => client.$transaction((tx) => call(storage.withTransaction(tx)), options));
  },
});
