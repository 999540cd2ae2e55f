import type { InstanceStorage, PrismaStorage, Transform } from "hephaestus-prisma";
import type { PgStorage } from "hephaestus-prisma/pg";
import { type ContractSubject, describeStorage, type Transact } from "hephaestus-prisma/testing";
import type pg from "pg";
import { afterAll, beforeAll, describe, it } from "vitest";
import type { PrismaClient } from "../../generated/prisma/client.js";
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
  return async (storage, call) => {
    const client = await pool().connect();
    try {
      await client.query("BEGIN");
      const result = await call((storage as PgStorage).withTransaction(client));
      await client.query("COMMIT");
      return result;
    } catch (error) {
      await client.query("ROLLBACK");
      throw error;
    } finally {
      client.release();
    }
  };
}

/** The same storage, each of whose calls runs in a transaction of its own; a stream, which has no end of its own, does not. */
export function inTransactions(storage: InstanceStorage, transact: Transact): InstanceStorage {
  const run = <Result>(call: (within: InstanceStorage) => Promise<Result>): Promise<Result> => transact(storage, call);
  return {
    get: (...args) => run((within) => within.get(...args)),
    put: (...args) => run((within) => within.put(...args)),
    insert: (...args) => run((within) => within.insert(...args)),
    update: (...args) => run((within) => within.update(...args)),
    putMany: (...args) => run((within) => within.putMany(...args)),
    delete: (...args) => run((within) => within.delete(...args)),
    query: (...args) => run((within) => within.query(...args)),
    stream: (...args) => storage.stream(...args),
    list: (...args) => run((within) => within.list(...args)),
    count: (...args) => run((within) => within.count(...args)),
    countBy: (...args) => run((within) => within.countBy(...args)),
    prune: (...args) => run((within) => within.prune(...args)),
  };
}

/** What a storage in {@link inTransactions} can't do. */
export const IN_TRANSACTIONS = {
  "keeps what was put before the call has come back, though the caller changes it at once": "its transaction begins before the call",
  "rejects forUpdate outside of a transaction": "each of its calls is in one",
  "stops between two batches at a signal, with its reason": "what was deleted before is rolled back",
};
