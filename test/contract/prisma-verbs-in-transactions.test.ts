import { createPrismaStorage } from "hephaestus-prisma";
import { preparePostgresDatabase } from "../database.js";
import { contractOn, prismaTransact } from "./contract-on.js";
import { IN_TRANSACTIONS, inTransactions } from "./in-transactions.js";
import { VERBS_LACK as lacks } from "./verbs-lack.js";

contractOn({
  name: "Prisma's verbs in transactions",
  lacks,
  leftOut: IN_TRANSACTIONS,
  prepare: preparePostgresDatabase,
  create({ client }) {
    const storage = createPrismaStorage(client);
    return inTransactions(storage, (call) => prismaTransact(() => client)(storage, call));
  },
});
