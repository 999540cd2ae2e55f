import { createPrismaStorage } from "hephaestus-prisma";
import { preparePartitionedDatabase, preparePostgresDatabase, type TestDatabase } from "../database.js";
import { contractOn, prismaTransact } from "./contract-on.js";
import { IN_TRANSACTIONS, inTransactions } from "./in-transactions.js";
import { fittingSchemas } from "./fitting-schemas.js";
import { VERBS_LACK as lacks } from "./verbs-lack.js";

const transactOn = ({ client }: TestDatabase) => prismaTransact(() => client);

contractOn({
  name: "Prisma's verbs",
  lacks,
  prepare: preparePostgresDatabase,
  create: ({ client }) => createPrismaStorage(client),
  withTransform: ({ client }, transform) => createPrismaStorage(client, { transform }),
  transactOn,
});

contractOn({
  name: "Prisma's verbs on an extended client, with schemas",
  lacks,
  prepare: preparePostgresDatabase,
  create: ({ client }) =>
    createPrismaStorage(client.$extends({ query: { $allOperations: ({ args, query }) => query(args) } }), { schemas: fittingSchemas }),
});

contractOn({
  name: "Prisma's verbs on a partitioned table",
  lacks,
  prepare: preparePartitionedDatabase,
  create: ({ client }) => createPrismaStorage(client),
});

contractOn({
  name: "Prisma's verbs in transactions",
  lacks,
  leftOut: IN_TRANSACTIONS,
  prepare: preparePostgresDatabase,
  create(database) {
    const storage = createPrismaStorage(database.client);
    return inTransactions(storage, (call) => transactOn(database)(storage, call));
  },
});
