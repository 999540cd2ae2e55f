import postgres from "@prisma/orm-postgres/runtime";
import { createSqlStorage } from "hephaestus-prisma";
import { prisma8Client } from "hephaestus-prisma/prisma-8";
import { contract } from "./contract.js";
import { keepsContract } from "./keeps-contract.js";

const db = postgres({ contract, url: process.env.DATABASE_URL ?? "" });
const storage = createSqlStorage(prisma8Client(db));
await keepsContract({
  name: "Prisma 8",
  storage,
  transact: (run) =>
    db.transaction((tx) => run(storage.withTransaction(prisma8Client(db, tx)), (id) => tx.orm.public.Order.create({ id, total: 1999 }))),
});
await db.close();
