import { anInstance } from "hephaestus-prisma/testing";
import { afterEach, describe, expect, inject, it, vi } from "vitest";
import { startTcpProxy } from "../../tools/tcp-proxy.js";
import { createPostgresDatabase } from "../database.js";
import { ways } from "../../tools/ways.js";

describe.each(ways)("under fake timers, through $way", ({ unnamed, connect }) => {
  afterEach(() => vi.useRealTimers());

  it("a call is retried, an update meets another writer, and a time limit ends a call", async () => {
    const database = await createPostgresDatabase();
    const proxy = await startTcpProxy(Number(new URL(inject("serverUrl")).port));
    const url = Object.assign(new URL(database.url), { port: String(proxy.port) }).href;
    const connected = connect({ connectionString: url }, unnamed);
    try {
      vi.useFakeTimers();
      const storage = connected.storage();
      proxy.failStatement("INSERT", { severity: "ERROR", code: "40001", message: "could not serialize access" });
      await storage.put(anInstance({ id: "a", runtimeMetadata: { n: 0, at: new Date() } }));

      let calls = 0;
      await storage.update("a", async (current) => {
        if (calls++ === 0) await storage.put({ ...current, runtimeMetadata: { ...current.runtimeMetadata, n: 10 } });
        return { ...current, runtimeMetadata: { ...current.runtimeMetadata, n: Number(current.runtimeMetadata.n) + 1 } };
      });
      const stored = "SELECT state->'runtime_metadata' AS metadata FROM workflow_instances WHERE id = 'a'";
      expect(calls).toBe(2);
      expect(await database.sql(stored)).toMatchObject([{ metadata: { n: 11, at: new Date().toISOString() } }]);

      const lost = proxy.loseAnswer("SELECT", "silence");
      await expect(connected.storage({ timeoutMs: 100 }).get("a")).rejects.toMatchObject({ code: "TIMEOUT" });
      await lost;
    } finally {
      vi.useRealTimers();
      proxy.cut();
      await connected.close();
      await proxy.close();
      await database.close();
    }
  });
});
