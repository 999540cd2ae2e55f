import type { Error as DriverError, SqlDriverAdapter, SqlQuery } from "@prisma/driver-adapter-utils";
import { MigrationError } from "../migration-error.js";

/** Prisma's codes for failed connections: when it starts, the engine gives only their texts. */
const CONNECTION_CODES: Readonly<Partial<Record<DriverError["kind"], string>>> = {
  AuthenticationFailed: "P1000",
  DatabaseNotReachable: "P1001",
  DatabaseDoesNotExist: "P1003",
  SocketTimeout: "P1008",
  DatabaseAccessDenied: "P1010",
  TlsConnectionError: "P1011",
  ConnectionClosed: "P1017",
  TooManyConnections: "P2037",
};

/** The engine's words for an error that no adapter maps. */
const UNMAPPED = /External error id#\d+/;

/**
 * Records the errors of the driver. The engine as WebAssembly loses a part of them: codes of failed connections, errors
 * that no adapter maps, and for a failed migration both the code P3018 and the message of the database.
 */
export class FailureRecorder {
  #last: unknown;

  /** Forgets the last error, before the next method. */
  reset(): void {
    this.#last = undefined;
  }

  async watch(connecting: Promise<SqlDriverAdapter>): Promise<SqlDriverAdapter> {
    const adapter = await this.#note(connecting);
    const queryRaw = adapter.queryRaw.bind(adapter);
    const executeRaw = adapter.executeRaw.bind(adapter);
    const executeScript = adapter.executeScript.bind(adapter);
    return Object.assign(adapter, {
      queryRaw: (query: SqlQuery) => this.#note(queryRaw(query)),
      executeRaw: (query: SqlQuery) => this.#note(executeRaw(query)),
      executeScript: (script: string) => this.#note(executeScript(script)),
    });
  }

  /** Turns the engine's error into the one of the native engine. */
  explain(error: unknown): unknown {
    if (!(error instanceof Error)) return error;
    const [message = ""] = error.message.split("\n   0: "); // the rest is a trace of the engine's own functions
    if ("code" in error && typeof error.code === "string") return new MigrationError(message, { prismaCode: error.code, cause: error });

    const failure = driverErrorOf(this.#last);
    const [, migration] = /\n {3}0: \S+::apply_script\n +with migration_name="([^"]*)"/.exec(error.message) ?? [];
    if (migration !== undefined && failure?.kind === "postgres") return failedMigration(migration, failure, error);
    if (this.#last instanceof MigrationError) return this.#last;
    if (this.#last instanceof Error && UNMAPPED.test(message)) {
      return new MigrationError(message.replace(UNMAPPED, this.#last.message), { cause: this.#last });
    }
    return new MigrationError(message, { prismaCode: failure && CONNECTION_CODES[failure.kind], cause: error });
  }

  #note<Result>(work: Promise<Result>): Promise<Result> {
    work.catch((error: unknown) => (this.#last = error));
    return work;
  }
}

function failedMigration(name: string, failure: Extract<DriverError, { kind: "postgres" }>, cause: Error): MigrationError {
  const { severity, message, detail, hint, code } = failure;
  const said = [`${severity}: ${message}`, detail && `DETAIL: ${detail}`, hint && `HINT: ${hint}`].filter(Boolean).join("\n");
  return new MigrationError(
    "A migration failed to apply. New migrations cannot be applied before the error is recovered from. " +
      "Read more about how to resolve migration issues in a production database: https://pris.ly/d/migrate-resolve\n\n" +
      `Migration name: ${name}\n\nDatabase error code: ${code}\n\nDatabase error:\n${said}\n`,
    { prismaCode: "P3018", meta: { migration_name: name, database_error_code: code, database_error: said }, cause },
  );
}

function driverErrorOf(error: unknown): DriverError | undefined {
  if (!(error instanceof Error) || error.name !== "DriverAdapterError") return undefined;
  return error.cause as DriverError; // by its name it is a DriverAdapterError, from whichever copy of the package
}
