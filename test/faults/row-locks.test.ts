import { fork } from "node:child_process";
import { once } from "node:events";
import { anInstance } from "hephaestus-prisma/testing";
import { afterAll, describe, expect, inject, it } from "vitest";
import { startTcpProxy } from "../../tools/tcp-proxy.js";
import { prismaSql, straight } from "../../tools/ways.js";
import { preparePostgresDatabase } from "../database.js";
import { databaseOn } from "../storage-on.js";

describe.each([prismaSql, straight])("forUpdate through $way", ({ connect }) => {
  const database = databaseOn(preparePostgresDatabase);
  const ended: (() => Promise<void>)[] = [];
  afterAll(() => Promise.all(ended.map((end) => end())));
  const connectTo = (url: string): ReturnType<typeof connect> => {
    const connected = connect({ connectionString: url });
    ended.push(() => connected.close());
    return connected;
  };

  it("a worker that is killed with SIGKILL releases its rows", async () => {
    const { storage, inTransaction } = connectTo(database.url);
    await storage().putMany([anInstance({ id: "a" }), anInstance({ id: "b" })]);
    const child = fork(new URL("locking-process.ts", import.meta.url), {
      execArgv: ["--import", "tsx"],
      env: { ...process.env, DATABASE_URL: database.url },
    });
    const [locked] = (await once(child, "message")) as unknown[];
    expect(locked).toEqual(["a", "b"]);
    expect(await inTransaction((within) => within.query({}, { limit: 2, forUpdate: "skip locked" }))).toEqual([]);
    const exit = once(child, "exit");
    child.kill("SIGKILL");
    await exit;
    // It waits until the server has seen that the connection is gone.
    const taken = await inTransaction((within) => within.query({}, { limit: 2, forUpdate: true }));
    expect(taken.map(({ id }) => id)).toEqual(["a", "b"]);
  });

  it("says on Citus, which can't lock rows of several nodes, what to do instead", async () => {
    const proxy = await startTcpProxy(Number(new URL(inject("serverUrl")).port));
    ended.unshift(() => proxy.close());
    const { inTransaction } = connectTo(Object.assign(new URL(database.url), { port: String(proxy.port) }).href);
    const message = "could not run distributed query with FOR UPDATE/SHARE commands";
    for (const statement of ["FOR UPDATE SKIP LOCKED", "ARRAY(SELECT"]) {
      proxy.failStatement(statement, { severity: "ERROR", code: "0A000", message, routine: "MultiLogicalPlanCreate" });
      const filters = statement.startsWith("ARRAY") ? { stateContains: {} } : {};
      const error = await inTransaction((within) => within.query(filters, { limit: 2, forUpdate: "skip locked" })).catch(
        (reason: unknown) => reason,
      );
      expect(error).toMatchObject({
        code: "INVALID_OPTION",
        option: "forUpdate",
        message: expect.stringMatching(/Query without a lock, and claim each instance by update/) as string,
        cause: { message: expect.stringContaining(message) as string },
      });
    }
  });
});
