import { readFile } from "node:fs/promises";
import { createDatabase } from "../postgres/database.js";
import { type Engine, openEngine } from "../engine/engine.js";
import { type EngineArguments, shadowOfArguments, targetOfArguments } from "./engine-arguments.js";
import { runDiff, callEngine, isDiff, isEngineMethod, isOffline } from "./engine-methods.js";
import type { Ask } from "./json-rpc.js";
import { MigrationError } from "../migration-error.js";
import { offlineFactory } from "./offline-factory.js";
import { postgresFactory } from "../postgres/postgres-factory.js";

const USER_FACING_ERROR = 4466; // the native engine's number for it
const METHOD_NOT_FOUND = -32601;

/** Describes a failure as the native engine does. */
export function describeError(error: unknown): { code: number; message: string; data?: unknown } {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof UnknownMethodError) return { code: METHOD_NOT_FOUND, message };
  const { prismaCode, meta } = error instanceof MigrationError ? error : {};
  return {
    code: USER_FACING_ERROR,
    message: "An error happened. Check the data field for details.",
    data: { is_panic: false, message, meta, ...(prismaCode && { error_code: prismaCode }) },
  };
}

class UnknownMethodError extends Error {}

/** Serves the CLI's requests with one engine, which connects when the first of them needs it. */
export class EngineServer {
  readonly #arguments: EngineArguments;
  #engine: Promise<Engine> | undefined;

  constructor(engineArguments: EngineArguments) {
    this.#arguments = engineArguments;
  }

  /** Returns the result of one request; a failure is thrown. */
  async handle(method: string, params: unknown, ask: Ask): Promise<unknown> {
    if (isDiff(method, params)) {
      if (!isOffline(params)) return runDiff(await this.#connect(), params, ask);
      return runDiff(await openEngine(offlineFactory, { log: writeLog }), params, ask);
    }
    if (isEngineMethod(method)) return callEngine(await this.#connect(), method, params);
    if (method === "getDatabaseVersion") return (await this.#connect()).run((engine) => engine.version());
    if (method === "createDatabase") return { databaseName: await createDatabase(targetOfArguments(this.#arguments)) };
    throw new UnknownMethodError(`The schema engine as WebAssembly has no method ${method}`);
  }

  /** Closes the engine's connections. */
  async close(): Promise<void> {
    const engine = await this.#engine?.catch(() => undefined);
    await engine?.close();
  }

  #connect(): Promise<Engine> {
    this.#engine ??= this.#open().catch((error: unknown) => {
      this.#engine = undefined; // the next request tries again
      throw error;
    });
    return this.#engine;
  }

  async #open(): Promise<Engine> {
    const factory = postgresFactory(targetOfArguments(this.#arguments), shadowOfArguments(this.#arguments));
    const read = async (path: string): Promise<[string, string]> => [path, await readFile(path, "utf8")];
    const datamodels = await Promise.all(this.#arguments.datamodels.map(read));
    return openEngine(factory, { datamodels: datamodels.length > 0 ? datamodels : undefined, log: writeLog });
  }
}

function writeLog(line: string): void {
  process.stderr.write(`${line.trim()}\n`);
}
