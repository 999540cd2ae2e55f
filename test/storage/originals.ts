import { beforeAll, beforeEach } from "vitest";
import type { TestDatabase } from "../database.js";

/** A copy of rows, by which what has changed is found around the storage. */
export interface Originals {
  /** Copies the rows that are stored now and have no copy. */
  readonly keep: () => Promise<unknown>;
  /** The rows for which a condition on `now` and `was` doesn't hold. States are compared as `jsonb`. */
  readonly changed: (condition?: string, values?: unknown[]) => Promise<unknown[]>;
}

/** Copies of a `describe`'s rows, gone before each test. */
export function originalsOn(database: TestDatabase): Originals {
  beforeAll(() => database.sql("CREATE TABLE originals (LIKE workflow_instances INCLUDING INDEXES)"));
  beforeEach(() => database.sql("DELETE FROM originals"));
  return {
    keep: () => database.sql("INSERT INTO originals SELECT * FROM workflow_instances ON CONFLICT DO NOTHING"),
    changed: (condition = "now.state = was.state", values = []) =>
      database.sql(
        `SELECT id, now.state::text AS now, was.state::text AS was FROM workflow_instances now JOIN originals was USING (id)
         WHERE NOT (${condition}) ORDER BY id`,
        values,
      ),
  };
}
