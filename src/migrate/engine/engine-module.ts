import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { importOptional } from "./optional-package.js";

// The types of Node 20 lack it. What instantiates is what we need of it.
declare const WebAssembly: {
  instantiate(bytes: Uint8Array, imports: object): Promise<{ readonly instance: { readonly exports: Readonly<Record<string, unknown>> } }>;
};

type Glue = typeof import("@prisma/schema-engine-wasm/schema_engine_bg");

// The module's panic hook calls this global with the message, and fails to say anything where it is missing.
const panicRegistry = {
  set_message: (message: string): void => {
    throw new Error(`The schema engine panicked: ${message}`);
  },
};

let loading: Promise<Glue> | undefined;

/**
 * Loads Prisma's schema engine, once for the process. The package's own entry imports the `.wasm` file as a
 * module, which Node only does behind a flag; so it is instantiated by hand, as that entry would.
 */
export function loadEngineModule(): Promise<Glue> {
  loading ??= instantiate().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function instantiate(): Promise<Glue> {
  const glue = await importOptional("@prisma/schema-engine-wasm", () => import("@prisma/schema-engine-wasm/schema_engine_bg"));
  const file = new URL("schema_engine_bg.wasm", import.meta.resolve("@prisma/schema-engine-wasm/schema_engine_bg"));
  const { instance } = await WebAssembly.instantiate(await readFile(fileURLToPath(file)), {
    "./schema_engine_bg.js": Object.fromEntries(Object.entries(glue).map(mend)),
  });
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: panicRegistry });
  glue.__wbg_set_wasm(instance.exports);
  const { __wbindgen_start: start } = instance.exports;
  if (typeof start !== "function") throw new Error("@prisma/schema-engine-wasm has no __wbindgen_start: its version is not supported");
  Reflect.apply(start, undefined, []);
  return glue;
}

// The engine limits its wait for a lock with a timer that it never clears, and that would keep the process for 10 seconds.
function mend([name, value]: [string, unknown]): [string, unknown] {
  if (!name.startsWith("__wbg_setTimeout_")) return [name, value];
  return [name, (callback: () => void, milliseconds: number) => setTimeout(callback, milliseconds).unref()];
}
