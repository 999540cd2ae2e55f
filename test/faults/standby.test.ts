import type { InstanceStorage } from "hephaestus-prisma";
import { anInstance } from "hephaestus-prisma/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PostgresServer } from "../../tools/postgres-server.js";
import { startTcpProxy, type TcpProxy } from "../../tools/tcp-proxy.js";
import { countOutcome, emptyTally } from "../../tools/writers.js";
import { sqlOn, startMigrated, untilReplayed } from "../standby.js";
import { type Connected, verbs, ways } from "../../tools/ways.js";

describe.each(ways)("a hot standby under $way", ({ way, connect }) => {
  let primary: PostgresServer;
  let standby: PostgresServer;
  let proxy: TcpProxy;
  const all: Connected[] = [];
  const storageOn = (connectionString: string, attempts: number): InstanceStorage => {
    const connected = connect({ connectionString, max: 4 });
    all.push(connected);
    return connected.storage({ retry: { attempts, minDelayMs: 5, maxDelayMs: 100 } });
  };
  beforeAll(async () => {
    primary = await startMigrated();
    standby = await primary.startStandby();
    proxy = await startTcpProxy(primary.port);
  }, 120_000);
  afterAll(async () => {
    await Promise.all(all.map((connected) => connected.close()));
    await proxy.close();
    await standby.stop();
    await primary.stop();
  });

  it("serves every read, containment included", async () => {
    const writer = storageOn(primary.url(), 3);
    await writer.putMany([anInstance({ id: "a", context: { initial: { card: "x" }, steps: {} } }), anInstance({ id: "b" })]);
    await untilReplayed(primary, standby);
    const reader = storageOn(standby.url(), 3);
    expect(await reader.get("a")).toStrictEqual(await writer.get("a"));
    if (way !== verbs.way) expect((await reader.query({ contextContains: { card: "x" } })).map(({ id }) => id)).toEqual(["a"]);
    expect((await reader.list()).items).toHaveLength(2);
    expect(await reader.count()).toBe(2);
    expect((await reader.countBy("status")).get("waiting")).toBe(2);
    const streamed: string[] = [];
    for await (const { id } of reader.stream()) streamed.push(id);
    expect(streamed).toEqual(["a", "b"]);
  });

  it("rejects every write with READ_ONLY after the last attempt, and says where to connect", async () => {
    const storage = storageOn(standby.url(), 3);
    const current = await storage.get("a");
    if (current === null) throw new Error("a is missing");
    for (const write of [
      () => storage.put(anInstance({ id: "c" })),
      () => storage.put(current, { expected: current }),
      () => storage.insert(anInstance({ id: "c" })),
      () => storage.update("a", (instance) => ({ ...instance, currentStep: "ship" })),
      () => storage.putMany([anInstance({ id: "c" })]),
      () => storage.delete("a"),
      () => storage.prune({ status: "waiting" }, { includeActive: true }),
    ])
      await expect(write()).rejects.toMatchObject({
        code: "READ_ONLY",
        message: expect.stringContaining("Connect to the primary") as string,
      });
    expect(await sqlOn(primary, "SELECT id FROM workflow_instances ORDER BY id")).toEqual([{ id: "a" }, { id: "b" }]);
  });

  it("is met with retries while it is promoted: writes go on, nothing that was acknowledged is lost", async () => {
    const url = new URL(primary.url());
    url.port = String(proxy.port);
    const storage = storageOn(url.href, 200);
    const acknowledged = new Map<string, number>();
    const tally = emptyTally();
    let done = false;
    const write = async (id: string): Promise<void> => {
      for (let n = 1; !done; n++) {
        // If a connection was lost, the next put of this id, which has no other writer, tells.
        await countOutcome(tally, async () => {
          await storage.put(anInstance({ id, runtimeMetadata: { n } }));
          acknowledged.set(id, n);
        });
      }
    };
    const writers = Promise.all(["p1", "p2", "p3"].map(write));
    const progress = async (): Promise<void> => {
      const before = [...acknowledged.values()].reduce((sum, n) => sum + n, 0);
      while ([...acknowledged.values()].reduce((sum, n) => sum + n, 0) < before + 30)
        await Promise.race([writers, new Promise((resolve) => setTimeout(resolve, 5))]);
    };
    await progress();
    // A switchover: nobody writes while the standby catches up; then writes meet it before it is promoted.
    proxy.shut();
    await untilReplayed(primary, standby);
    proxy.pointTo(standby.port);
    proxy.open();
    await new Promise((resolve) => setTimeout(resolve, 200));
    await sqlOn(standby, "SELECT pg_promote()");
    await progress();
    done = true;
    await writers;
    const rows = await sqlOn(standby, "SELECT id, state->'runtime_metadata'->'n' AS n FROM workflow_instances WHERE id LIKE 'p%'");
    expect(new Map(rows.map(({ id, n }) => [id, n]))).toEqual(acknowledged);
  }, 60_000);

  it("that was the primary until it was demoted rejects writes with READ_ONLY, and reads go on", async () => {
    const storage = storageOn(primary.url(), 3);
    await storage.put(anInstance({ id: "still primary" }));
    await primary.demote(standby);
    await expect(storage.put(anInstance({ id: "c" }))).rejects.toMatchObject({ code: "READ_ONLY" });
    expect((await storage.get("b"))?.id).toBe("b");
  }, 60_000);
});
