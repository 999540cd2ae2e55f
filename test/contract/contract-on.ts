import type { InstanceStorage } from "hephaestus-prisma";
import { type ContractSubject, describeStorage } from "hephaestus-prisma/testing";
import { afterAll, beforeAll, describe, it } from "vitest";
import type { Prepared, TestDatabase } from "../database.js";
import { databaseOn } from "../storage-on.js";
import { storeRowIn } from "../store-row.js";

/** A storage in a database of its own, by one way to its table. */
export interface Binding<Database extends TestDatabase> extends Pick<ContractSubject, "name" | "lacks"> {
  readonly prepare: () => Prepared<Database>;
  /** Creates the storage, once for all cases. */
  readonly create: (database: Database) => InstanceStorage | Promise<InstanceStorage>;
  /** Ends what `create` has made. */
  readonly end?: () => Promise<unknown>;
  /** The table, if it has another name, and the SQL that creates it. */
  readonly table?: { readonly name: string; readonly sql: string };
  /** Cases that this binding can't run, and why. */
  readonly leftOut?: Readonly<Record<string, string>>;
}

/** Holds a storage against the contract. */
export function contractOn<Database extends TestDatabase>({
  name,
  lacks = {},
  prepare,
  create,
  end,
  table,
  leftOut = {},
}: Binding<Database>): void {
  describe("on a database of its own", () => {
    const database = databaseOn(prepare);
    let storage: InstanceStorage;
    beforeAll(async () => {
      if (table !== undefined) await database.sql(table.sql);
      storage = await create(database);
    });
    afterAll(() => end?.());
    const without = Object.entries(leftOut).map(([one, why]) => ` (without "${one}": ${why})`);
    const framework = { describe, it: (one: string, run: () => Promise<void>) => (Object.hasOwn(leftOut, one) ? undefined : it(one, run)) };
    describeStorage(framework, {
      name: name + without.join(""),
      lacks,
      async create() {
        await database.sql(`DELETE FROM ${table?.name ?? "workflow_instances"}`);
        return storage;
      },
      storeRow: storeRowIn(database, table?.name),
    });
  });
}
