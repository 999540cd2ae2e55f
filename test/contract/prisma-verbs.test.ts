import { createPrismaStorage } from "hephaestus-prisma";
import type { ContractSubject } from "hephaestus-prisma/testing";
import { databases, preparePartitionedDatabase, preparePostgresDatabase } from "../database.js";
import { contractOn } from "./contract-on.js";
import { IN_TRANSACTIONS, inTransactions } from "./in-transactions.js";
import { fittingSchemas } from "./fitting-schemas.js";

const lacks: ContractSubject["lacks"] = {
  containment: "Prisma has no verb for it",
  exactNumbers: "Prisma parses the JSON",
  anyKeys: "Prisma copies the JSON",
};

for (const { on, prepare } of databases)
  contractOn({ name: `Prisma's verbs on ${on}`, lacks, prepare, create: ({ client }) => createPrismaStorage(client) });

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
  create({ client }) {
    const storage = createPrismaStorage(client);
    const options = { timeout: 60_000, maxWait: 60_000 };
    return inTransactions(storage, (call) => client.$transaction((tx) => call(storage.withTransaction(tx)), options));
  },
});
