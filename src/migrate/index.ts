export { deployMigrations, type MigrationsOptions } from "./deploy-migrations.js";
export { MigrationError } from "./migration-error.js";
export { type MigrationStatus, migrationStatus } from "./migration-status.js";
