import type { Instance, InstanceStorage } from "hephaestus-prisma";
import { anInstance } from "hephaestus-prisma/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createPostgresDatabase, type PostgresDatabase } from "../database.js";
import { type Connected, verbs, ways } from "../../tools/ways.js";

const mute = anInstance({ workflow: "mute" });
const stored = anInstance({ workflow: "held", status: "completed" });

/** How a database suppresses writes without an error: those of the workflow `mute`, and deletions of the workflow `held`. */
const means: readonly (readonly [means: string, setUp: (role: string) => string])[] = [
  [
    "a trigger",
    () => `
      CREATE FUNCTION mute() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN IF NEW.workflow = 'mute' THEN RETURN NULL; END IF; RETURN NEW; END $$;
      CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN IF OLD.workflow = 'held' THEN RETURN NULL; END IF; RETURN OLD; END $$;
      CREATE TRIGGER mute BEFORE INSERT OR UPDATE ON workflow_instances FOR EACH ROW EXECUTE FUNCTION mute();
      CREATE TRIGGER hold BEFORE DELETE ON workflow_instances FOR EACH ROW EXECUTE FUNCTION hold()`,
  ],
  [
    "a rule",
    // PostgreSQL rejects every upsert into a table with rules for INSERT or UPDATE.
    () => "CREATE RULE hold AS ON DELETE TO workflow_instances WHERE OLD.workflow = 'held' DO INSTEAD NOTHING",
  ],
  [
    "policies",
    (role) => `
      CREATE ROLE ${role} LOGIN PASSWORD '${role}';
      GRANT SELECT, INSERT, UPDATE, DELETE ON workflow_instances TO ${role};
      ALTER TABLE workflow_instances ENABLE ROW LEVEL SECURITY;
      CREATE POLICY reading ON workflow_instances FOR SELECT USING (true);
      CREATE POLICY writing ON workflow_instances FOR INSERT WITH CHECK (true);
      CREATE POLICY changing ON workflow_instances FOR UPDATE USING (workflow <> 'frozen');
      CREATE POLICY deleting ON workflow_instances FOR DELETE USING (workflow <> 'held')`,
  ],
];

describe.each(ways)("on a table that suppresses writes without an error, $way", ({ way, connect }) => {
  describe.each(means)("by %s", (kind, setUp) => {
    let database: PostgresDatabase;
    let connected: Connected;
    let storage: InstanceStorage;
    const role = `writers_${way.replaceAll(/\W/g, "")}`.toLowerCase();
    beforeAll(async () => {
      database = await createPostgresDatabase();
      await database.sql(setUp(role));
      const url = new URL(database.url);
      if (kind === "policies") Object.assign(url, { username: role, password: role });
      connected = connect({ connectionString: url.href });
      storage = connected.storage();
    });
    beforeEach(() => database.sql("TRUNCATE workflow_instances"));
    afterAll(async () => {
      await connected.close();
      if (kind === "policies") await database.sql(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
      await database.close();
    });
    const rejected = { code: "NOT_STORED", id: "order::1" };
    const rows = (): Promise<unknown[]> => database.sql("SELECT id, workflow, status FROM workflow_instances ORDER BY id");

    if (kind === "a trigger") {
      it("insert says that nothing was stored, and not that the id is taken", async () => {
        await expect(storage.insert(mute)).rejects.toMatchObject(rejected);
        await storage.insert(anInstance());
        await expect(storage.insert(anInstance())).rejects.toMatchObject({ code: "INSTANCE_EXISTS" });
      });

      it("put and putMany are not acknowledged", async () => {
        await expect(storage.put(mute)).rejects.toMatchObject(rejected);
        await expect(storage.putMany([mute, anInstance({ id: "order::2", workflow: "mute" })])).rejects.toMatchObject(rejected);
        expect(await rows()).toEqual([]);
        await storage.put(anInstance());
        await expect(storage.put(mute)).rejects.toMatchObject(rejected);
        expect(await rows()).toMatchObject([{ workflow: "Order.V2" }]);
      });
    }

    if (kind !== "a rule")
      it("update is not acknowledged, and neither is it tried again nor called a conflict", async () => {
        const before = anInstance({ workflow: kind === "policies" ? "frozen" : "Order.V2" });
        await storage.put(before);
        let calls = 0;
        const change = (): Instance => (calls++, mute);
        await expect(storage.update("order::1", change)).rejects.toMatchObject(rejected);
        await expect(storage.update("order::1", change, { attempts: 1 })).rejects.toMatchObject(rejected);
        expect([calls, await storage.get("order::1")]).toEqual([2, before]);
        await expect(storage.put(mute, { expected: before })).rejects.toMatchObject(rejected);
      });

    it("delete is not acknowledged", async () => {
      await storage.put(stored);
      await expect(storage.delete("order::1")).rejects.toMatchObject({
        ...rejected,
        message: expect.stringContaining("was not deleted") as string,
      });
      expect(await rows()).toHaveLength(1);
      await storage.delete("nothing");
    });

    it.each([1, 3, 7, 10, 100])("prune goes past what is kept, in batches of %i", async (batchSize) => {
      const many = Array.from({ length: 60 }, (_, n) =>
        anInstance({ id: `order::${String(n).padStart(2, "0")}`, status: "completed", workflow: n % 20 < 3 ? "held" : "Order.V2" }),
      );
      await storage.putMany(many);
      const progress: number[] = [];
      expect(await storage.prune({ status: "completed" }, { batchSize, onProgress: (pruned) => progress.push(pruned) })).toBe(51);
      expect(progress.at(-1)).toBe(51);
      expect(await database.sql("SELECT DISTINCT workflow FROM workflow_instances")).toEqual([{ workflow: "held" }]);
      expect(await storage.prune({ status: "completed" }, { batchSize })).toBe(0);
    });
  });

  it("says of a further unique index what the database says, or that there may be one", async () => {
    const database = await createPostgresDatabase();
    await database.sql(
      "CREATE UNIQUE INDEX one_active ON workflow_instances ((state #>> '{context,initial,customer}')) WHERE status = 'running'",
    );
    const connected = connect({ connectionString: database.url });
    const active = (id: string): Instance => anInstance({ id, status: "running", context: { initial: { customer: "c" }, steps: {} } });
    const storage = connected.storage();
    await storage.insert(active("a"));
    const error = (await storage.insert(active("b")).catch((thrown: unknown) => thrown)) as Error;
    if (way === verbs.way)
      expect(error).toMatchObject({ code: "NOT_STORED", message: expect.stringContaining("another unique index") as string });
    else expect(error.message).toContain("one_active");
    expect(await database.sql("SELECT id FROM workflow_instances")).toEqual([{ id: "a" }]);
    await connected.close();
    await database.close();
  });
});
