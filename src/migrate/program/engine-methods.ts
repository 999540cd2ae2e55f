import type { DiffParams, SchemaEngine } from "@prisma/schema-engine-wasm";
import type { Engine } from "../engine/engine.js";
import type { Ask } from "./json-rpc.js";

/** The methods that the CLI calls by the same names. */
export type EngineMethod = Exclude<keyof SchemaEngine, "diff" | "free" | "version" | typeof Symbol.dispose>;

const METHODS: readonly EngineMethod[] = [
  "applyMigrations",
  "createMigration",
  "dbExecute",
  "debugPanic",
  "devDiagnostic",
  "diagnoseMigrationHistory",
  "ensureConnectionValidity",
  "evaluateDataLoss",
  "introspect",
  "introspectSql",
  "markMigrationApplied",
  "markMigrationRolledBack",
  "reset",
  "schemaPush",
];

export function isEngineMethod(name: string): name is EngineMethod {
  return METHODS.some((method) => method === name);
}

// The engine as the protocol sees it: it checks every field of a request itself, whatever its types say.
type UncheckedEngine = { readonly [Method in EngineMethod]: (params: unknown) => Promise<unknown> };

/** Passes a request to the engine. Returns null if the engine returns nothing, since JSON-RPC needs a result. */
export async function callEngine(engine: Engine, name: EngineMethod, params: unknown): Promise<unknown> {
  const result = await engine.run(async (it) => {
    const unchecked = it as unknown as UncheckedEngine;
    // It knows the resulting schema of the migrations only after a diagnosis has seen them all applied: as WebAssembly,
    // this method has no shadow database of its own (8.1.0-2.59be4fda).
    if (name === "evaluateDataLoss") await unchecked.devDiagnostic(params);
    return unchecked[name](params);
  });
  return result ?? null;
}

/** Compares two schemas. The text goes to the client in a request of its own, before the response. */
export async function runDiff(engine: Engine, params: DiffParams, ask: Ask): Promise<{ exitCode: number }> {
  const { exitCode, stdout } = await engine.run((it) => it.diff(params));
  if (stdout !== null) await ask("print", { content: stdout });
  return { exitCode };
}

export function isDiff(name: string, params: unknown): params is DiffParams {
  return name === "diff" && typeof params === "object" && params !== null;
}

/** Whether a diff looks at no database. */
export function isOffline({ from, to }: DiffParams): boolean {
  return [from, to].every(({ tag }) => tag === "empty" || tag === "schemaDatamodel");
}
