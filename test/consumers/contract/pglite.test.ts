import { createPrismaStorage, createSqlStorage } from "hephaestus-prisma";
import { pgliteClient } from "../../../examples/drivers/pglite.js";
import { contractOn, prismaTransact } from "../../contract/contract-on.js";
import { VERBS_LACK } from "../../contract/verbs-lack.js";
import { type PgliteDatabase, preparePgliteDatabase } from "../../database.js";
import { TABLE } from "../../storage-on.js";

contractOn({
  name: "SQL through PGlite",
  prepare: preparePgliteDatabase,
  create: ({ pglite }) => createSqlStorage(pgliteClient(pglite)),
});

contractOn({
  name: "Prisma's verbs on PGlite",
  lacks: VERBS_LACK,
  prepare: preparePgliteDatabase,
  create: ({ client }) => createPrismaStorage(client),
  withTransform: ({ client }, transform) => createPrismaStorage(client, { transform }),
  transactOn: ({ client }: PgliteDatabase) => prismaTransact(() => client),
});

// Without row locks: PGlite has one connection, on which transactions follow each other.
contractOn({
  name: "SQL through Prisma on PGlite",
  prepare: preparePgliteDatabase,
  create: ({ client }) => createPrismaStorage(client, { table: TABLE }),
  withTransform: ({ client }, transform) => createPrismaStorage(client, { table: TABLE, transform }),
});
