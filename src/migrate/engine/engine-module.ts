import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { MigrationError } from "../migration-error.js";
import { importOptional } from "../packages/optional-package.js";
import { installCommand } from "../packages/package-manager.js";

// The types of Node 20 lack it. What instantiates is all that we need of it.
declare const WebAssembly: {
  instantiate(bytes: Uint8Array, imports: object): Promise<{ readonly instance: { readonly exports: Readonly<Record<string, unknown>> } }>;
};

type Glue = typeof import("@prisma/schema-engine-wasm/schema_engine_bg");

const PACKAGE = "@prisma/schema-engine-wasm";
/** The version that the tests run. Every version of the package is a prerelease, which ranges don't match. */
const TESTED = "8.1.0-2.59be4fda12412a79eeb9c2ae727b6aa723593323";

// The module's panic hook calls this global with the message, and says nothing if it is missing.
const panicRegistry = {
  set_message: (message: string): void => {
    throw new Error(`The schema engine panicked: ${message}`);
  },
};

let loading: Promise<Glue> | undefined;

/**
 * Loads Prisma's schema engine, once for the process. The package's own entry imports the `.wasm` file as a module, which
 * Node supports only with a flag; so it is instantiated by hand, as that entry would.
 *
 * @throws {MigrationError} for a version that doesn't fit.
 * @throws {MissingPackageError} if the package is not installed.
 */
export function loadEngineModule(): Promise<Glue> {
  loading ??= load().catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}

async function load(): Promise<Glue> {
  const glue = await importOptional([PACKAGE], () => import("@prisma/schema-engine-wasm/schema_engine_bg"));
  try {
    await instantiate(glue);
    return glue;
  } catch (cause) {
    const found = await installedVersion();
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new MigrationError(
      `${PACKAGE} can't be started (${reason}): found ${found}, expected a version like ${TESTED}. ` +
        `Install that one:\n  ${installCommand([`${PACKAGE}@${TESTED}`])}`,
      { cause },
    );
  }
}

async function instantiate(glue: Glue): Promise<void> {
  const { instance } = await WebAssembly.instantiate(await readFile(fileOf("schema_engine_bg.wasm")), {
    "./schema_engine_bg.js": Object.fromEntries(Object.entries(glue).map(withoutTimers)),
  });
  Object.assign(globalThis, { PRISMA_WASM_PANIC_REGISTRY: panicRegistry });
  glue.__wbg_set_wasm(instance.exports);
  const { __wbindgen_start: start } = instance.exports;
  if (typeof start !== "function") throw new Error("it has no __wbindgen_start");
  if (typeof glue.SchemaEngine !== "function") throw new Error("it has no SchemaEngine");
  Reflect.apply(start, undefined, []);
}

// The engine limits its wait for a lock with a timer that it never clears, which would keep the process for 10 seconds.
function withoutTimers([name, value]: [string, unknown]): [string, unknown] {
  if (!name.startsWith("__wbg_setTimeout_")) return [name, value];
  return [name, (callback: () => void, milliseconds: number) => setTimeout(callback, milliseconds).unref()];
}

function fileOf(name: string): string {
  return fileURLToPath(new URL(name, import.meta.resolve("@prisma/schema-engine-wasm/schema_engine_bg")));
}

async function installedVersion(): Promise<string> {
  const manifest = await readFile(fileOf("package.json"), "utf8").catch(() => "");
  return /"version":\s*"([^"]+)"/.exec(manifest)?.[1] ?? "an unknown version";
}
