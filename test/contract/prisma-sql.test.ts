import { createHash } from "node:crypto";
import { createPrismaStorage } from "hephaestus-prisma";
import type { PrismaClient } from "../../generated/prisma/client.js";
import { type PgBouncer, startPgBouncer } from "../../tools/pgbouncer.js";
import { connectClient, preparePartitionedDatabase, preparePostgresDatabase, type TestDatabase } from "../database.js";
import { contractOn, prismaTransact } from "./contract-on.js";
import { IN_TRANSACTIONS, inTransactions } from "./in-transactions.js";
import { fittingSchemas } from "./fitting-schemas.js";

const table = "public.workflow_instances";
const transactOn = ({ client }: TestDatabase) => prismaTransact(() => client);

contractOn({
  name: "SQL through Prisma",
  prepare: preparePostgresDatabase,
  create: ({ client }) => createPrismaStorage(client, { table }),
  withTransform: ({ client }, transform) => createPrismaStorage(client, { table, transform }),
  transactOn,
});

contractOn({
  name: 'SQL through Prisma with bigIntegers: "bigint", both coalescings and schemas',
  prepare: preparePostgresDatabase,
  create: ({ client }) =>
    createPrismaStorage(client, { table, bigIntegers: "bigint", coalesceReads: true, coalesceWrites: true, schemas: fittingSchemas }),
  transactOn,
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
  transactOn: () => prismaTransact(() => named),
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
  transactOn: () => prismaTransact(() => bounced),
  async end() {
    await bounced.$disconnect();
    await bouncer.stop();
  },
});

contractOn({
  name: "SQL through Prisma on a partitioned table",
  prepare: preparePartitionedDatabase,
  create: ({ client }) => createPrismaStorage(client, { table }),
  transactOn,
});

contractOn({
  name: "SQL through Prisma in transactions",
  leftOut: IN_TRANSACTIONS,
  prepare: preparePostgresDatabase,
  create(database) {
    const storage = createPrismaStorage(database.client, { table });
    return inTransactions(storage, (call) => transactOn(database)(storage, call));
  },
});
