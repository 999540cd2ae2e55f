import { createPrismaStorage } from "hephaestus-prisma";
import type { ContractSubject } from "hephaestus-prisma/testing";
import { databases, preparePartitionedDatabase, preparePostgresDatabase, type TestDatabase } from "../database.js";
import { contractOn, prismaTransact } from "./contract-on.js";
import { IN_TRANSACTIONS, inTransactions } from "./in-transactions.js";
import { fittingSchemas } from "./fitting-schemas.js";

const lacks: ContractSubject["lacks"] = {
  containment: "Prisma has no verb for it",
  exactNumbers: "Prisma parses the JSON",
  anyKeys: "Prisma copies the JSON",
  rowLocks: "Prisma has no verb for it",
};
const transactOn = ({ client }: TestDatabase) => prismaTransact(() => client);

for (const { on, prepare } of databases)
  contractOn({
    name: `Prisma's verbs on ${on}`,
    lacks,
    prepare,
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
