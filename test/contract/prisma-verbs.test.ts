import { createPrismaStorage } from "hephaestus-prisma";
import { preparePostgresDatabase, type TestDatabase } from "../database.js";
import { contractOn, prismaTransact } from "./contract-on.js";
import { fittingSchemas } from "./fitting-schemas.js";
import { VERBS_LACK as lacks } from "./verbs-lack.js";

contractOn({
  name: "Prisma's verbs",
  lacks,
  prepare: preparePostgresDatabase,
  create: ({ client }) => createPrismaStorage(client),
  withTransform: ({ client }, transform) => createPrismaStorage(client, { transform }),
  transactOn: ({ client }: TestDatabase) => prismaTransact(() => client),
});

contractOn({
  name: "Prisma's verbs on an extended client, with schemas",
  lacks,
  prepare: preparePostgresDatabase,
  create: ({ client }) =>
    createPrismaStorage(client.$extends({ query: { $allOperations: ({ args, query }) => query(args) } }), { schemas: fittingSchemas }),
});
