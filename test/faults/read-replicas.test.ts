import { readReplicas } from "@prisma/extension-read-replicas";
import { createPrismaStorage, type Instance, type InstanceStorage } from "hephaestus-prisma";
import { anInstance } from "hephaestus-prisma/testing";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { PrismaClient } from "../../generated/prisma/client.js";
import type { PostgresServer } from "../../tools/postgres-server.js";
import { connectClient } from "../database.js";
import { sqlOn, startMigrated, untilReplayed } from "../standby.js";

// What the standby was copied with, and reads until the last test lets it catch up.
const old = anInstance({ currentStep: "copied" });
const withReplica = (primary: PrismaClient, replica: PrismaClient) => primary.$extends(readReplicas({ replicas: [replica] }));

describe("a client that reads from a standby which is an hour late", () => {
  let primary: PostgresServer;
  let standby: PostgresServer;
  let primaryClient: PrismaClient;
  let replicaClient: PrismaClient;
  let client: ReturnType<typeof withReplica>;

  beforeAll(async () => {
    primary = await startMigrated();
    primaryClient = connectClient({ connectionString: primary.url(), max: 4 });
    await createPrismaStorage(primaryClient).put(old);
    await primaryClient.$disconnect(); // the server restarts
    standby = await primary.startStandby({ recovery_min_apply_delay: "1h" });
    replicaClient = connectClient({ connectionString: standby.url(), max: 4 });
    client = withReplica(primaryClient, replicaClient);
  }, 120_000);
  beforeEach(() => sqlOn(primary, "DELETE FROM workflow_instances"));
  afterAll(async () => {
    await client.$disconnect();
    await standby.stop();
    await primary.stop();
  });

  it("is rejected, with the advice where the storage's client comes from", () => {
    for (const options of [{}, { table: "public.workflow_instances" }])
      expect(() => createPrismaStorage(client, options)).toThrow(
        expect.objectContaining({ code: "INVALID_CLIENT", message: expect.stringContaining("client.$primary() is that client") as string }),
      );
  });

  describe.each([
    ["Prisma's verbs", {}],
    ["SQL of the package", { table: "public.workflow_instances" }],
  ])("has a primary, on which by %s", (_, options) => {
    const storageOn = (on: typeof client) => createPrismaStorage(on.$primary(), options);

    it("50 of 50 gets return what was put right before", async () => {
      const storage = storageOn(client);
      let [current, lateOnClient] = [0, 0];
      for (let n = 1; n <= 50; n++) {
        await storage.put(anInstance({ runtimeMetadata: { n } }));
        if ((await storage.get("order::1"))?.runtimeMetadata.n === n) current++;
        const row = await client.workflowInstance.findUnique({ where: { id: "order::1" } });
        if (JSON.stringify(row?.state).includes('"copied"')) lateOnClient++;
      }
      expect({ current, lateOnClient }).toEqual({ current: 50, lateOnClient: 50 });
      expect((await storage.list()).items).toHaveLength(1);
      expect(await storage.count()).toBe(1);
    });

    it("an update sees what was inserted right before, and calls change once", async () => {
      const storage = storageOn(client);
      await storage.insert(anInstance());
      const changed: Instance[] = [];
      await storage.update("order::1", (instance) => {
        changed.push(instance);
        return { ...instance, currentStep: "ship" };
      });
      expect(changed).toEqual([anInstance()]);
      expect(await sqlOn(primary, "SELECT state->>'current_step' AS step FROM workflow_instances")).toEqual([{ step: "ship" }]);
    });

    it("a storage works in a transaction, of that client and of the primary's", async () => {
      const storage = storageOn(client);
      const write = async (inside: InstanceStorage, id: string): Promise<void> => {
        await inside.insert(anInstance({ id }));
        expect(await inside.get(id)).toEqual(anInstance({ id }));
        await inside.update(id, (instance) => ({ ...instance, currentStep: "ship" }));
      };
      await client.$transaction((tx) => write(storage.withTransaction(tx), "order::1"));
      await primaryClient.$transaction((tx) => write(storage.withTransaction(tx), "order::2"));
      expect((await storage.query()).map(({ id, currentStep }) => [id, currentStep])).toEqual([
        ["order::1", "ship"],
        ["order::2", "ship"],
      ]);
    });
  });

  it("has a replica's client, on which a second storage reads late and every write is READ_ONLY", async () => {
    const storage = createPrismaStorage(client.$primary());
    const late = createPrismaStorage(client.$replica(), { retry: { attempts: 1 } });
    const current = anInstance({ currentStep: "ship" });
    await storage.put(current);
    const read = await late.get("order::1");
    if (read === null) throw new Error("order::1 is missing");
    expect(read).toEqual(old);
    expect(await late.query()).toEqual([old]);
    for (const write of [
      () => late.put(current),
      () => late.put(current, { expected: read }),
      () => late.insert(anInstance({ id: "order::2" })),
      () => late.update("order::1", (instance) => ({ ...instance, currentStep: "refund" })),
      () => late.putMany([current]),
      () => late.delete("order::1"),
      () => late.prune({ status: "completed" }),
    ])
      await expect(write()).rejects.toMatchObject({ code: "READ_ONLY" });
    await sqlOn(standby, "ALTER SYSTEM RESET recovery_min_apply_delay");
    await sqlOn(standby, "SELECT pg_reload_conf()");
    await untilReplayed(primary, standby);
    expect(await late.query()).toEqual([current]);
  });
});
