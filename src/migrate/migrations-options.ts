// Apart from the folder: the types of that are of a package of ES modules, which TypeScript in CommonJS can't follow.

/** Which migrations. */
export interface MigrationsOptions {
  /**
   * Folder of the migrations, each in a folder of its own with a `migration.sql`.
   *
   * @defaultValue this package's own folder
   */
  readonly migrations?: string;
}
