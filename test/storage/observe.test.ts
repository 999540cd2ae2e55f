import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { context, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { BasicTracerProvider, InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { PrismaInstrumentation } from "@prisma/instrumentation";
import { build } from "esbuild";
import { createPrismaStorage, type StorageOperation, type PrismaStorageOptions } from "hephaestus-prisma";
import { anInstance } from "hephaestus-prisma/testing";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { preparePostgresDatabase } from "../database.js";
import { storageOn } from "../storage-on.js";

const SECRET = { context: { initial: { card: "4111 1111" }, steps: {} } };
const bytesOf = (rows: readonly { readonly state: unknown }[]): number =>
  rows.reduce((sum, { state }) => sum + Buffer.byteLength(JSON.stringify(state)), 0);

describe("onOperation", () => {
  const { database, storage: plain } = storageOn(preparePostgresDatabase);

  function observed(options: PrismaStorageOptions = {}) {
    const operations: StorageOperation[] = [];
    const storage = createPrismaStorage(database.client, { onOperation: (operation) => operations.push(operation), ...options });
    return { storage, operations };
  }

  it("receives each call: its name, its rows and bytes, and its outcome", async () => {
    const { storage, operations } = observed();
    const [a, b] = [anInstance({ id: "a" }), anInstance({ id: "b", status: "completed" })];
    await storage.insert(a);
    await storage.put(a);
    await storage.putMany([a, b]);
    await storage.update("a", (instance) => ({ ...instance, currentStep: "pay" }));
    await storage.get("a");
    await storage.get("none");
    await storage.query();
    await storage.list();
    await storage.count();
    await storage.countBy("status");
    for await (const instance of storage.stream()) expect(instance.id).toMatch(/a|b/);
    await storage.delete("a");
    await storage.delete("a");
    await storage.prune({ status: "completed" });
    expect(operations.map(({ operation, rows, outcome, retries }) => [operation, rows, outcome, retries])).toEqual([
      ["insert", 1, "ok", 0],
      ["put", 1, "ok", 0],
      ["putMany", 2, "ok", 0],
      ["update", 1, "ok", 0],
      ["get", 1, "ok", 0],
      ["get", 0, "ok", 0],
      ["query", 2, "ok", 0],
      ["list", 2, "ok", 0],
      ["count", 2, "ok", 0],
      ["countBy", 2, "ok", 0],
      ["stream", 2, "ok", 0],
      ["delete", 1, "ok", 0],
      ["delete", 0, "ok", 0],
      ["prune", 1, "ok", 0],
    ]);
    for (const { durationMs } of operations) expect(durationMs).toBeGreaterThan(0);
  });

  it("counts the bytes of the states that were written and read", async () => {
    const { storage, operations } = observed();
    await storage.putMany([anInstance({ id: "a", ...SECRET }), anInstance({ id: "ä", currentStep: "zahlen…" })]);
    const bytes = bytesOf((await database.sql("SELECT state FROM workflow_instances")) as { state: unknown }[]);
    await storage.query();
    for await (const instance of storage.stream({}, { batchSize: 1 })) expect(instance.id).toMatch(/a|ä/);
    await storage.list();
    await storage.delete("a");
    expect(operations.map(({ operation, stateBytes }) => [operation, stateBytes])).toEqual([
      ["putMany", bytes],
      ["query", bytes],
      ["stream", bytes],
      ["list", 0],
      ["delete", 0],
    ]);
  });

  it("receives failures with their codes", async () => {
    const { storage, operations } = observed();
    await storage.insert(anInstance());
    await expect(storage.insert(anInstance())).rejects.toThrow();
    await expect(storage.update("none", (one) => one)).rejects.toThrow();
    await expect(
      storage.update("order::1", () => {
        throw new Error("no");
      }),
    ).rejects.toThrow("no");
    await database.sql("ALTER TABLE workflow_instances ADD CONSTRAINT no_bad CHECK (workflow <> 'bad')");
    onTestFinished(() => void database.sql("ALTER TABLE workflow_instances DROP CONSTRAINT no_bad"));
    await expect(storage.put(anInstance({ workflow: "bad" }))).rejects.toThrow("no_bad");
    expect(operations.slice(1)).toMatchObject([
      { operation: "insert", rows: 0, outcome: "INSTANCE_EXISTS" },
      { operation: "update", rows: 0, outcome: "INSTANCE_NOT_FOUND" },
      { operation: "update", rows: 0, outcome: "error" },
      { operation: "put", rows: 0, outcome: expect.stringMatching(/^P\d{4}$/) as string },
    ]);
  });

  it("counts the retries of a call", async () => {
    let failures = 2;
    const client = database.client.$extends({
      query: {
        workflowInstance: {
          upsert({ args, query }) {
            if (failures-- > 0) throw Object.assign(new Error("no connection"), { code: "P2024" });
            return query(args);
          },
        },
      },
    });
    const operations: StorageOperation[] = [];
    const storage = createPrismaStorage(client, {
      retry: { minDelayMs: 1 },
      onOperation: (operation) => operations.push(operation),
    });
    await storage.put(anInstance());
    let others = 3;
    await storage.update("order::1", async (instance) => {
      if (others-- > 0) await plain.put({ ...instance, currentStep: String(others) });
      return { ...instance, currentStep: "mine" };
    });
    expect(operations.map(({ operation, retries }) => [operation, retries])).toEqual([
      ["put", 2],
      ["update", 3],
    ]);
  });

  it("includes the ids of a call only on request", async () => {
    const [silent, open] = [observed(), observed({ recordIds: true })];
    for (const { storage } of [silent, open]) {
      await storage.putMany([anInstance({ id: "order::1" }), anInstance({ id: "order::2" })]);
      await storage.get("order::1");
    }
    for (const operation of silent.operations) expect(operation).not.toHaveProperty("ids");
    expect(open.operations.map(({ ids }) => ids)).toEqual([["order::1", "order::2"], ["order::1"]]);
  });

  it("reports a stream that ends early, with what it read until then", async () => {
    const { storage, operations } = observed();
    await plain.putMany(["a", "b", "c"].map((id) => anInstance({ id })));
    for await (const { id } of storage.stream()) if (id === "b") break;
    expect(operations).toMatchObject([{ operation: "stream", rows: 2, outcome: "ok" }]);
  });

  it("may throw: the call still succeeds, and the process emits a warning", async () => {
    const warned = new Promise<Error>((resolve) => process.once("warning", resolve));
    const storage = createPrismaStorage(database.client, {
      onOperation: () => {
        throw new Error("the metrics are down");
      },
    });
    await storage.put(anInstance());
    expect(await storage.count()).toBe(1);
    expect((await warned).message).toBe("the metrics are down");
  });

  it.each([
    [
      "throws an object without a prototype",
      () => {
        throw Object.create(null);
      },
      "[Object: null prototype] {}",
    ],
    ["is async and rejects", () => Promise.reject(new Error("the metrics are down")), "the metrics are down"],
    [
      "returns a thenable that rejects with a text",
      () => ({ then: (_: unknown, reject: (reason: string) => void) => reject("down") }),
      "'down'",
    ],
  ])("may fail: if it %s, the call doesn't, and the process is warned", async (_, onOperation, message) => {
    const warned = new Promise<Error>((resolve) => process.once("warning", resolve));
    await createPrismaStorage(database.client, { onOperation }).put(anInstance());
    expect((await warned).message).toBe(message);
  });

  it("receives calls inside the user's transaction too", async () => {
    const { storage, operations } = observed();
    await database.client.$transaction(async (tx) => storage.withTransaction(tx).put(anInstance()));
    expect(operations).toMatchObject([{ operation: "put", outcome: "ok" }]);
  });
});

describe("spans of OpenTelemetry", () => {
  const exporter = new InMemorySpanExporter();
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  new PrismaInstrumentation().enable();
  const { database, storage } = storageOn(preparePostgresDatabase);
  beforeEach(() => exporter.reset());

  const ours = (): ReadableSpan[] => exporter.getFinishedSpans().filter(({ name }) => name.endsWith(" workflow_instances"));

  it("follow the conventions for databases", async () => {
    await storage.putMany([anInstance({ id: "a" }), anInstance({ id: "b" })]);
    await expect(storage.insert(anInstance({ id: "a" }))).rejects.toThrow();
    const [putMany, insert] = ours();
    expect(putMany).toMatchObject({
      name: "putMany workflow_instances",
      kind: SpanKind.CLIENT,
      status: { code: SpanStatusCode.UNSET },
      attributes: {
        "db.system.name": "postgresql",
        "db.operation.name": "putMany",
        "db.collection.name": "workflow_instances",
        "db.operation.batch.size": 2,
        "db.response.returned_rows": 2,
        "hephaestus.retries": 0,
      },
    });
    expect(insert).toMatchObject({ status: { code: SpanStatusCode.ERROR }, attributes: { "error.type": "INSTANCE_EXISTS" } });
  });

  it("contain Prisma's spans, and are inside the application's", async () => {
    await trace.getTracer("shop").startActiveSpan("checkout", async (span) => {
      await storage.put(anInstance());
      for await (const { id } of storage.stream()) expect(id).toBe("order::1");
      span.end();
    });
    const spans = exporter.getFinishedSpans();
    const parentOf = ({ parentSpanContext }: ReadableSpan): string | undefined =>
      spans.find((span) => span.spanContext().spanId === parentSpanContext?.spanId)?.name;
    expect(ours().map((span) => [span.name, parentOf(span)])).toEqual([
      ["put workflow_instances", "checkout"],
      ["stream workflow_instances", "checkout"],
    ]);
    const operations = spans.filter(({ name }) => name === "prisma:client:operation");
    expect(new Set(operations.map(parentOf))).toEqual(new Set(["put workflow_instances", "stream workflow_instances"]));
  });

  it("are the given tracer's, and contain what a call does, also if its provider is not the registered one", async () => {
    const others = new InMemorySpanExporter();
    const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(others)] });
    const traced = createPrismaStorage(database.client, { tracer: provider.getTracer("orders") });
    await traced.put(anInstance());
    await expect(traced.insert(anInstance())).rejects.toThrow();
    expect(others.getFinishedSpans()).toMatchObject([
      { name: "put workflow_instances", instrumentationScope: { name: "orders" }, attributes: { "db.response.returned_rows": 1 } },
      { name: "insert workflow_instances", status: { code: SpanStatusCode.ERROR } },
    ]);
    expect(ours()).toEqual([]);
    const [put, insert] = others.getFinishedSpans().map((span) => span.spanContext().traceId);
    const prismas = exporter.getFinishedSpans().filter(({ name }) => name === "prisma:client:operation");
    expect(prismas.map((span) => span.spanContext().traceId)).toEqual([put, insert, insert]); // a rejected insert looks its id up
  });

  it("are there in a bundle of a single file, with nothing beside it", async () => {
    const program = `
      import { trace } from "@opentelemetry/api";
      import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
      import { createPrismaStorage } from "hephaestus-prisma";
      const exporter = new InMemorySpanExporter();
      const workflowInstance = { upsert() {}, findUnique: async () => null };
      const storage = createPrismaStorage({ $connect() {}, workflowInstance });
      trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
      storage.get("order::1").then(() => console.log(exporter.getFinishedSpans().map(({ name }) => name)));`;
    const { outputFiles } = await build({
      stdin: { contents: program, resolveDir: import.meta.dirname },
      bundle: true,
      platform: "node",
      format: "cjs",
      write: false,
    });
    const folder = await mkdtemp(join(tmpdir(), "hephaestus-bundle-"));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeFile(join(folder, "bundle.cjs"), outputFiles[0]?.text ?? "");
    const { stdout } = await promisify(execFile)(process.execPath, ["bundle.cjs"], { cwd: folder });
    expect(stdout).toBe("[ 'get workflow_instances' ]\n");
  });

  it("are not started if the registered provider is gone, nor by what is not a tracer", async () => {
    trace.disable();
    onTestFinished(
      () => void trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })),
    );
    await storage.put(anInstance());
    expect(ours()).toEqual([]);
    const tracer = trace as unknown as NonNullable<PrismaStorageOptions["tracer"]>;
    expect(() => createPrismaStorage(database.client, { tracer })).toThrow(
      'the option "tracer" is invalid: expected an OpenTelemetry tracer',
    );
  });

  it("contain nothing of a state, and ids only on request", async () => {
    const spansOf = async (options: PrismaStorageOptions): Promise<string> => {
      exporter.reset();
      const observed = createPrismaStorage(database.client, options);
      await observed.put(anInstance({ id: "customer::42", ...SECRET }));
      await expect(observed.insert(anInstance({ id: "customer::42", ...SECRET }))).rejects.toThrow();
      await observed.query({ contextContains: { card: "4111 1111" } });
      return JSON.stringify(ours().map(({ name, attributes, status, events }) => ({ name, attributes, status, events })));
    };
    expect(await spansOf({})).not.toMatch(/customer|4111/);
    const asked = await spansOf({ recordIds: true });
    expect(asked).toContain("customer::42");
    expect(asked).not.toContain("4111");
  });
});
