import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { context, ProxyTracerProvider, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { BasicTracerProvider, InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { PrismaInstrumentation } from "@prisma/instrumentation";
import { build } from "esbuild";
import { createPrismaStorage, type PrismaStorageOptions } from "hephaestus-prisma";
import { anInstance } from "hephaestus-prisma/testing";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { preparePostgresDatabase } from "../database.js";
import { storageOn, TABLE } from "../storage-on.js";

const SECRET = { context: { initial: { card: "4111 1111" }, steps: {} } };

const ways: readonly { readonly way: string; readonly options: PrismaStorageOptions }[] = [
  { way: "Prisma's verbs", options: {} },
  { way: "SQL", options: { table: TABLE } },
];

const exporter = new InMemorySpanExporter();
trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }));
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
new PrismaInstrumentation().enable();

describe.each(ways)("spans of OpenTelemetry, by $way,", ({ way, options: by }) => {
  const { database, storage } = storageOn(preparePostgresDatabase, { ...by, tracer: trace.getTracer("orders") });
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
    const traced = createPrismaStorage(database.client, { ...by, tracer: provider.getTracer("orders") });
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

  it("are not started without a tracer, nor by what is not a tracer, and by one without a provider to no end", async () => {
    await createPrismaStorage(database.client, by).put(anInstance());
    const idle = new ProxyTracerProvider().getTracer("orders");
    await createPrismaStorage(database.client, { ...by, tracer: idle }).put(anInstance());
    expect(ours()).toEqual([]);
    const tracer = trace as unknown as NonNullable<PrismaStorageOptions["tracer"]>;
    expect(() => createPrismaStorage(database.client, { ...by, tracer })).toThrow(
      'the option "tracer" is invalid: expected an OpenTelemetry tracer',
    );
  });

  it("contain nothing of a state, and ids only on request", async () => {
    const spansOf = async (options: PrismaStorageOptions): Promise<string> => {
      exporter.reset();
      const observed = createPrismaStorage(database.client, { ...by, tracer: trace.getTracer("orders"), ...options });
      await observed.put(anInstance({ id: "customer::42", ...SECRET }));
      await expect(observed.insert(anInstance({ id: "customer::42", ...SECRET }))).rejects.toThrow();
      await observed.query({ id: "customer::42", ...(way === "SQL" && { contextContains: { card: "4111 1111" } }) });
      return JSON.stringify(ours().map(({ name, attributes, status, events }) => ({ name, attributes, status, events })));
    };
    expect(await spansOf({})).not.toMatch(/customer|4111/);
    const asked = await spansOf({ recordIds: true });
    expect(asked).toContain("customer::42");
    expect(asked).not.toContain("4111");
  });
});

it("spans of OpenTelemetry are there in a bundle of a single file, with nothing beside it", async () => {
  const program = `
      import { trace } from "@opentelemetry/api";
      import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
      import { createPrismaStorage } from "hephaestus-prisma";
      const exporter = new InMemorySpanExporter();
      const workflowInstance = { upsert() {}, findUnique: async () => null };
      const storage = createPrismaStorage({ $connect() {}, workflowInstance }, { tracer: trace.getTracer("orders") });
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
