import type { SqlDriverAdapter, SqlMigrationAwareDriverAdapterFactory } from "@prisma/driver-adapter-utils";
import type { SchemaEngine } from "@prisma/schema-engine-wasm";
import { loadEngineModule } from "./engine-module.js";
import { FailureRecorder } from "./failure-recorder.js";
import { importOptional } from "../packages/optional-package.js";

/** Prisma's schema engine, bound to one database. */
export interface Engine {
  /** Calls a method of the engine. @throws {MigrationError} if it fails. */
  run<Result>(method: (engine: SchemaEngine) => Promise<Result>): Promise<Result>;
  /** Closes every connection that the engine opened. */
  close(): Promise<void>;
}

export interface EngineOptions {
  /** Paths and contents of the Prisma schema. Without one, the engine goes by the adapter's provider. */
  readonly datamodels?: [path: string, content: string][] | undefined;
  /** Called with each line of the engine's log, a JSON object. */
  readonly log?: (line: string) => void;
}

/**
 * Starts an engine and connects it.
 *
 * @throws {MigrationError} if the database can't be reached (`P1001`, …), or for a version of the engine that doesn't fit.
 * @throws {MissingPackageError} if an optional package is not installed.
 */
export async function openEngine(factory: SqlMigrationAwareDriverAdapterFactory, options: EngineOptions = {}): Promise<Engine> {
  const { SchemaEngine } = await loadEngineModule();
  const { bindMigrationAwareSqlAdapterFactory } = await importOptional(
    ["@prisma/driver-adapter-utils@7"],
    () => import("@prisma/driver-adapter-utils"),
  );
  const recorder = new FailureRecorder();
  const open = new Set<SqlDriverAdapter>();
  const track = async (connecting: Promise<SqlDriverAdapter>): Promise<SqlDriverAdapter> => {
    const adapter = await recorder.watch(connecting);
    const dispose = adapter.dispose.bind(adapter);
    open.add(adapter);
    return Object.assign(adapter, { dispose: async () => void (open.delete(adapter) && (await dispose())) });
  };
  const bound = bindMigrationAwareSqlAdapterFactory({
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: () => track(factory.connect()),
    connectToShadowDb: () => track(factory.connectToShadowDb()),
  });
  const close = async (): Promise<void> => {
    await Promise.all([...open].map((adapter) => adapter.dispose()));
  };
  const { datamodels, log = () => {} } = options;
  try {
    const engine = await SchemaEngine.new({ datamodels }, log, bound);
    return {
      async run(method) {
        recorder.reset();
        try {
          return await method(engine);
        } catch (error) {
          throw recorder.explain(error);
        }
      },
      close,
    };
  } catch (error) {
    await close();
    throw recorder.explain(error);
  }
}
