import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { INestApplication } from "@nestjs/common";
import { createMemoryStorage } from "hephaestus-prisma/memory";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { createApp } from "../../examples/nestjs/create-app.js";
import { WORKFLOW_STORAGE, WorkflowStorageModule } from "../../examples/nestjs/workflow-storage.module.js";
import { createPostgresDatabase, type PostgresDatabase } from "../database.js";
import { ROOT } from "./run-example.js";

/** Sends a request, and returns status and body of the response. */
async function request(url: string, method: string, path: string, body?: object): Promise<[number, unknown]> {
  const headers = { "content-type": "application/json" };
  const response = await fetch(url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) });
  return [response.status, await response.json()];
}

describe("a NestJS application", () => {
  const pending = { id: "1", status: "pending", currentStep: null, completedSteps: [] };
  const paid = { id: "1", status: "running", currentStep: "ship", completedSteps: ["pay"] };

  describe("on PostgreSQL", () => {
    let database: PostgresDatabase;
    beforeAll(async () => {
      database = await createPostgresDatabase();
    });
    afterAll(() => database.close());

    const start = async (): Promise<{ url: string; server: ChildProcess }> => {
      const env = { ...process.env, DATABASE_URL: database.url, PORT: "0" };
      const server = spawn(process.execPath, ["--import", "tsx", "examples/nestjs/main.ts"], {
        cwd: ROOT,
        env,
        stdio: ["ignore", "pipe", "inherit"],
      });
      onTestFinished(() => void server.kill("SIGKILL"));
      const [chunk] = (await once(server.stdout, "data")) as [Buffer];
      return { url: /listening on (\S+)/.exec(chunk.toString())?.[1] ?? "", server };
    };
    const end = async (server: ChildProcess, signal: NodeJS.Signals): Promise<unknown> => {
      const exited = once(server, "exit");
      server.kill(signal);
      return (await exited)[1];
    };

    it("continues an order after SIGKILL in another process", async () => {
      const killed = await start();
      expect(await request(killed.url, "PUT", "/orders/1", { sku: "A-1" })).toEqual([200, pending]);
      await end(killed.server, "SIGKILL");

      const { url, server } = await start();
      expect(await request(url, "GET", "/orders/1")).toEqual([200, pending]);
      expect(await request(url, "POST", "/orders/1/payment")).toEqual([201, paid]);
      expect(await database.sql("SELECT id, status, state->'context'->'initial' AS initial FROM workflow_instances")).toEqual([
        { id: "nest-order::1", status: "running", initial: { body: { sku: "A-1" } } },
      ]);
      expect(await end(server, "SIGTERM")).toBe("SIGTERM"); // after it has closed its connections
    });
  });

  describe("in a unit test", () => {
    let app: INestApplication;
    let url: string;
    beforeAll(async () => {
      const provider = { provide: WORKFLOW_STORAGE, useFactory: () => createMemoryStorage() };
      app = await createApp({ module: WorkflowStorageModule, global: true, providers: [provider], exports: [WORKFLOW_STORAGE] });
      await app.listen(0, "127.0.0.1");
      url = await app.getUrl();
    });
    afterAll(() => app.close());

    it("works on a storage in memory, and responds to the storage's errors", async () => {
      expect(await request(url, "GET", "/orders/1")).toMatchObject([404, {}]);
      expect(await request(url, "PUT", "/orders/1", {})).toEqual([200, pending]);
      expect(await request(url, "PUT", "/orders/1", {})).toEqual([409, { error: expect.stringContaining("nest-order::1") as unknown }]);
      expect(await request(url, "POST", "/orders/1/payment")).toEqual([201, paid]);
      expect(await request(url, "POST", "/orders/1/payment")).toEqual([201, paid]);
      expect(await request(url, "POST", "/orders/2/payment")).toMatchObject([404, {}]);
      expect(await request(url, "GET", `/orders/${"x".repeat(300)}`)).toMatchObject([400, {}]);
    });
  });
});
