import type {
  SqlDriverAdapter,
  SqlDriverAdapterFactory,
  SqlMigrationAwareDriverAdapterFactory,
  SqlQuery,
} from "@prisma/driver-adapter-utils";
import { scriptError } from "../postgres/script-error.js";

/** The part of a PGlite database that scripts need. */
interface ScriptRunner {
  exec(script: string): Promise<unknown>;
  close(): Promise<void>;
}

/**
 * Prepares the adapter of `pglite-prisma-adapter` for migrations (measured with 0.7.2): its `executeScript` neither waits
 * for the script nor learns that it failed, so that a broken migration would be recorded as applied.
 */
export function pgliteFactoryOf(
  factory: SqlDriverAdapterFactory & Partial<SqlMigrationAwareDriverAdapterFactory>,
): SqlMigrationAwareDriverAdapterFactory {
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connect: async () => prepare(await factory.connect()),
    async connectToShadowDb() {
      if (!factory.connectToShadowDb) throw new Error(`${factory.adapterName} has no shadow database`);
      const adapter = prepare(await factory.connectToShadowDb());
      const dispose = adapter.dispose.bind(adapter);
      return Object.assign(adapter, { dispose: () => dispose().then(() => runnerOf(adapter).close()) });
    },
  };
}

function prepare(adapter: SqlDriverAdapter): SqlDriverAdapter {
  const runner = runnerOf(adapter);
  const executeRaw = adapter.executeRaw.bind(adapter);
  const dispose = adapter.dispose.bind(adapter);
  let leave = (): void => {};
  return Object.assign(adapter, {
    async executeRaw(query: SqlQuery): Promise<number> {
      // PGlite has one session, which its own lock doesn't stop: two deployments at once need another.
      if (!query.sql.includes("pg_advisory_lock")) return executeRaw(query);
      const place = joinQueue(runner);
      leave = () => place.leave();
      await place.turn;
      return 0;
    },
    async executeScript(script: string): Promise<void> {
      try {
        await runner.exec(script);
      } catch (error) {
        throw scriptError(error, script);
      }
    },
    async dispose(): Promise<void> {
      leave();
      await dispose();
    },
  });
}

function runnerOf(adapter: object): ScriptRunner {
  if ("client" in adapter && isScriptRunner(adapter.client)) return adapter.client;
  throw new Error("This version of pglite-prisma-adapter is not supported: its adapter has no `client` that runs scripts");
}

function isScriptRunner(value: unknown): value is ScriptRunner {
  return typeof value === "object" && value !== null && "exec" in value && "close" in value;
}

/** A place in a queue. */
interface Place {
  /** Settles when everyone ahead has left. */
  readonly turn: Promise<void>;
  /** Lets the next one go, even if our own turn was not awaited. */
  leave(): void;
}

const lastPlaces = new WeakMap<object, Promise<void>>();

/** Lines up for a resource that one caller at a time may use in this process. */
function joinQueue(resource: object): Place {
  const turn = lastPlaces.get(resource) ?? Promise.resolve();
  let leave = (): void => {};
  const left = new Promise<void>((resolve) => (leave = resolve));
  lastPlaces.set(
    resource,
    Promise.all([turn, left]).then(() => {}),
  );
  return { turn, leave };
}
