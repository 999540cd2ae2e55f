import { Debug } from "@prisma/driver-adapter-utils";
import { connectOnce, createDatabase, dropDatabase } from "../postgres/database.js";
import { type EngineArguments, parseEngineArguments, targetOfArguments } from "./engine-arguments.js";
import { loadEngineModule } from "../engine/engine-module.js";
import { describeError, EngineServer } from "./engine-server.js";
import { serveJsonRpc } from "./json-rpc.js";
import { MigrationError } from "../migration-error.js";

/** A line of the native engine's log: the CLI reads messages, codes and panics from it. */
interface LogFields {
  readonly message: string;
  readonly [field: string]: unknown;
}

/**
 * Prisma's schema engine as a program, for machines that can't download the native one: the CLI starts whatever
 * `PRISMA_SCHEMA_ENGINE_BINARY` names. Serves requests on stdin until it ends, or runs the one command it was given.
 */
export async function runSchemaEngine(argv: readonly string[]): Promise<void> {
  // The CLI parses stderr as JSON lines, so warnings of Node or of a driver must not appear there as they are.
  process.removeAllListeners("warning").on("warning", ({ message }) => log("WARN", "node", { message }));
  // The engine panics outside any call that could be awaited. The panic becomes the error of the running request: if its
  // engine just exits, the CLI may end without a word and with success.
  const crashed = new Promise<never>((_, reject) => process.on("uncaughtException", reject));
  crashed.catch(() => {});

  const engineArguments = parseEngineArguments(argv);
  if (engineArguments.version) {
    const { version } = await loadEngineModule();
    process.stdout.write(`schema-engine-cli ${version()}\n`);
    return;
  }
  log("INFO", "schema_engine", { message: "Starting schema engine CLI" }); // the CLI skips the first line unread
  if (engineArguments.command !== undefined) {
    Debug.disable(); // its lines go to stderr too
    return report(Promise.race([carryOut(engineArguments.command, engineArguments), crashed]));
  }

  const server = new EngineServer(engineArguments);
  await serveJsonRpc(process.stdin, process.stdout, {
    handle: (...request) => Promise.race([server.handle(...request), crashed]),
    describeError,
  });
  await server.close();
}

async function report(carriedOut: Promise<string>): Promise<void> {
  try {
    log("INFO", "schema_engine::commands", { message: await carriedOut });
  } catch (error) {
    const code = error instanceof MigrationError ? error.prismaCode : undefined;
    const message = error instanceof Error ? error.message : String(error);
    log("ERROR", "schema_engine::logger", { message, is_panic: false, error_code: code ?? "" });
    process.exitCode = 1;
  }
}

async function carryOut(command: string, engineArguments: EngineArguments): Promise<string> {
  const target = targetOfArguments(engineArguments);
  switch (command) {
    case "can-connect-to-database":
      await connectOnce(target);
      return "Connection successful";
    case "create-database":
      return `Database '${await createDatabase(target)}' was successfully created.`;
    case "drop-database":
      await dropDatabase(target);
      return "The database was successfully dropped.";
    default:
      throw new MigrationError(`Unknown command: ${command}`);
  }
}

/** Writes a line to stderr, on which the CLI expects nothing but JSON. */
function log(level: "INFO" | "WARN" | "ERROR", target: string, fields: LogFields): void {
  process.stderr.write(`${JSON.stringify({ timestamp: new Date().toISOString(), level, fields, target })}\n`);
}
