/**
 * A storage straight on a pool of `pg`.
 *
 * @module hephaestus-prisma/pg
 */
export type { PgClientLike, PgPoolClientLike, PgPoolLike, PgQueryable, PgResult, PgStatement, PgTypes } from "./client.js";
export type { PgStorageOptions } from "./options.js";
export { createPgStorage, type PgStorage, type PgStorageOf } from "./pg-storage.js";
