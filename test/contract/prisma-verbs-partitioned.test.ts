import { createPrismaStorage } from "hephaestus-prisma";
import { preparePartitionedDatabase } from "../database.js";
import { contractOn } from "./contract-on.js";
import { VERBS_LACK as lacks } from "./verbs-lack.js";

contractOn({
  name: "Prisma's verbs on a partitioned table",
  lacks,
  prepare: preparePartitionedDatabase,
  create: ({ client }) => createPrismaStorage(client),
});
