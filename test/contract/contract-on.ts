import type { InstanceStorage, PrismaStorage, Transform } from "hephaestus-prisma";
import type { PgStorage } from "hephaestus-prisma/pg";
import { type ContractSubject, describeStorage, type Transact } from "hephaestus-prisma/testing";
import type pg from "pg";
import { afterAll, beforeAll, describe, it } from "vitest";
import type { PrismaClient } from "../../generated/prisma/client.js";
import { inPgTransaction } from "../../tools/pg-transaction.js";
import type { Prepared, TestDatabase } from "../database.js";
import { databaseOn } from "../storage-on.js";
import { storeRowIn } from "../store-row.js";

/** A storage in a database of its own, by one way to its table. */
export interface Binding<Database extends TestDatabase> extends Pick<ContractSubject, "name" | "lacks"> {
  readonly prepare: () => Prepared<Database>;
  /** Creates the storage, once for all cases. */
  readonly create: (database: Database) => InstanceStorage | Promise<InstanceStorage>;
  /** Creates such a storage with this transform. */
  readonly withTransform?: (database: Database, transform: Transform) => InstanceStorage;
  /** Runs calls of the storage in transactions. */
  readonly transactOn?: (database: Database) => Transact;
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
  withTransform,
  transactOn,
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
      ...(withTransform !== undefined && {
        withTransform: (_: InstanceStorage, transform: Transform) => withTransform(database, transform),
      }),
      ...(transactOn && { transact: transactOn(database) }),
    });
  });
}

/** Runs calls of a storage on a Prisma Client in its transactions. */
export function prismaTransact(client: () => PrismaClient): Transact {
  const options = { timeout: 60_000, maxWait: 60_000 };
  return (storage, call) => client().$transaction((tx) => call((storage as PrismaStorage).withTransaction(tx)), options);
}

/** Runs calls of a storage on a pool in transactions. */
export function pgTransact(pool: () => pg.Pool): Transact {
  return (storage, call) => inPgTransaction(pool(), (client) => call((storage as PgStorage).withTransaction(client)));
}
