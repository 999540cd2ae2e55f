/**
 * Migrations from code, without Prisma's binary.
 *
 * @module hephaestus-prisma/migrate
 */
export { deployMigrations } from "./deploy-migrations.js";
export { MigrationError } from "./migration-error.js";
export { MissingPackageError } from "./packages/missing-package-error.js";
export { type MigrationStatus, migrationStatus } from "./migration-status.js";
export type { MigrationsOptions } from "./migrations-options.js";
