import type { TestDatabase } from "./database.js";

/** Citus isn't here: a row of its name among the extensions is all that a storage looks at. */
export async function pretendCitus(database: TestDatabase): Promise<void> {
  await database.sql(
    "INSERT INTO pg_extension SELECT 999999, 'citus', extowner, extnamespace, false, '13', NULL, NULL FROM pg_extension LIMIT 1",
  );
}
