export type { Prisma8ClientLike, Prisma8Plan, Prisma8Query, Prisma8Raw, Prisma8TransactionLike } from "./client.js";
export { prisma8Client } from "./prisma-8-client.js";
