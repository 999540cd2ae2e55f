import { createPrismaStorage } from "hephaestus-prisma";
import { createPgStorage } from "hephaestus-prisma/pg";
import { anInstance } from "hephaestus-prisma/testing";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { preparePostgresDatabase } from "../database.js";
import { databaseOn } from "../storage-on.js";

describe("on a table whose trigger suppresses some rows without an error", () => {
  const database = databaseOn(preparePostgresDatabase);
  const pool = new pg.Pool({ connectionString: database.url });
  afterAll(() => pool.end());
  beforeAll(async () => {
    await database.sql(`CREATE FUNCTION mute() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN IF NEW.workflow = 'mute' THEN RETURN NULL; END IF; RETURN NEW; END $$`);
    await database.sql("CREATE TRIGGER mute BEFORE INSERT OR UPDATE ON workflow_instances FOR EACH ROW EXECUTE FUNCTION mute()");
  });
  beforeEach(() => database.sql("DELETE FROM workflow_instances"));

  const mute = anInstance({ workflow: "mute" });

  describe.each([
    ["Prisma's", createPrismaStorage(database.client), "CONFLICT"],
    ["Prisma's, without raw SQL,", createPrismaStorage(database.client, { allowRawSql: false }), "PRECISION_LOSS"],
    ["the pg storage's", createPgStorage(pool), "CONFLICT"],
  ])("%s", (_, storage, code) => {
    it("insert says that nothing was stored, and not that the id is taken", async () => {
      await expect(storage.insert(mute)).rejects.toMatchObject({
        code: "NOT_STORED",
        id: "order::1",
        message: expect.stringContaining('instance "order::1" was not stored, though no instance is found under this id') as string,
      });
      await storage.insert(anInstance());
      await expect(storage.insert(anInstance())).rejects.toMatchObject({ code: "INSTANCE_EXISTS" });
    });

    it("put is not acknowledged", async () => {
      await expect(storage.put(mute)).rejects.toMatchObject({ code: "NOT_STORED", id: "order::1" });
      await expect(storage.putMany([mute, anInstance({ id: "order::2", workflow: "mute" })])).rejects.toMatchObject({ code: "NOT_STORED" });
      expect(await database.sql("SELECT id FROM workflow_instances")).toEqual([]);
    });

    it("put that takes the place of another is not acknowledged", async () => {
      await storage.put(anInstance());
      await expect(storage.put(mute)).rejects.toMatchObject({ code: "NOT_STORED" });
      expect(await storage.get("order::1")).toStrictEqual(anInstance());
    });

    it("compare-and-swap is not acknowledged", async () => {
      await storage.put(anInstance());
      await expect(storage.update("order::1", () => mute, { attempts: 2 })).rejects.toMatchObject({ code });
      expect(await storage.get("order::1")).toStrictEqual(anInstance());
    });
  });
});
