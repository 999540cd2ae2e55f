import { InvalidOptionError, InvalidTableError, ReadOnlyError } from "../errors.js";
import { isObject } from "../runtime/native-types.js";
import type { Fault } from "../storage/retrying-rows.js";

// The appendix of docs/concurrency.md says what each of them means. A test compares it with this file.
const UNEXECUTED: readonly unknown[] = [
  ...["P1001", "P2024", "P2034", "40001", "40P01", "53300", "57P03", "57P05", "25006"],
  ...["26000", "42P05"], // a name that DISCARD ALL has taken away, or that another client of a pooler has taken
  ...["CONNECT_TIMEOUT", "ERR_POSTGRES_CONNECTION_REFUSED", "ERR_POSTGRES_CONNECTION_FAILED"], // of postgres.js, and of Bun
];
const UNKNOWN: readonly unknown[] = [
  ...["P1002", "P1008", "P1017", "08000", "08003", "08006", "57P01", "57P02"],
  ...["ConnectionClosed", "SocketTimeout"], // the driver adapter's words for ECONNRESET and ETIMEDOUT
  ...["CONNECTION_CLOSED", "CONNECTION_DESTROYED", "ERR_POSTGRES_CONNECTION_CLOSED"], // of postgres.js, and of Bun
];

// Node throws most of these on open sockets, too: only the system call says whether a statement was on its way.
const SOCKET: readonly unknown[] = ["ECONNREFUSED", "ECONNRESET", "ECONNABORTED", "EPIPE", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH"];
const CONNECT: readonly unknown[] = [...SOCKET, "ENOTFOUND", "EAI_AGAIN", "ENOENT"];

/** An error that is known by its text: its code is missing or says too little. */
interface Text {
  readonly code?: string;
  readonly text: RegExp;
  readonly fault: Fault;
}

const TEXTS: readonly Text[] = [
  { text: /^timeout exceeded when trying to connect$/, fault: "unexecuted" },
  { text: /^Connection terminated due to connection timeout$/, fault: "unexecuted" },
  { code: "P2028", text: /Unable to start a transaction in the given time|on an expired transaction/, fault: "unexecuted" },
  { code: "08P01", text: /server login (has been failing|failed)|query_wait_timeout|client_(login|idle)_timeout/, fault: "unexecuted" },
  { code: "08P01", text: /no more connections allowed|invalid server parameter/, fault: "unexecuted" },
  // These two are from Citus: it could not connect to a node, or has lost the connection while a statement was running there.
  { code: "08006", text: /^connection to the remote node .*(Connection refused|FATAL: +the database system is )/s, fault: "unexecuted" },
  { code: "XX000", text: /server closed the connection unexpectedly/, fault: "unknown" },
  { text: /^Connection terminated|^Client has encountered a connection error and is not queryable$/, fault: "unknown" },
  { text: /^Query read timeout$/, fault: "unknown" },
];

const DEPTH = 4;

/** Recognises faults that pass. What Prisma's error was made of comes first: Prisma's own code says less. */
export function faultOf(error: unknown): Fault {
  for (const one of chainOf(error)) {
    const fault = Array.isArray(one.errors) ? worstOf(one.errors) : ownFaultOf(one);
    if (fault !== null) return fault;
  }
  return null;
}

/** Whether a statement met another transaction: a deadlock, or a serialization failure. */
export function isWriteConflict(error: unknown): boolean {
  return hasCode(error, ["40001", "40P01", "P2034"]);
}

/** What a caller gets for an error that no retry ends: with the words that fix it, if it is one that we know. */
export function explain(error: unknown): unknown {
  if (hasCode(error, ["25006"])) return new ReadOnlyError({ cause: error });
  if (hasText(error, /distributed query with FOR UPDATE/)) return new InvalidOptionError("forUpdate", NOT_LOCKED, { cause: error });
  return hasCode(error, ["42P01", "42703", "P2021", "P2022"]) ? new InvalidTableError({ cause: error }) : error;
}

const NOT_LOCKED =
  'the option "forUpdate" is invalid: Citus can\'t lock rows of several nodes by one query, and this transaction is aborted. Query ' +
  "without a lock, and claim each instance by update or, in a transaction, by get(id, { forUpdate: true }), which goes to one node";

type ErrorLike = Readonly<Record<string, unknown>>;

/** An error with the error of the driver adapter that Prisma's was made of before it, and its cause after it. */
function chainOf(error: unknown, depth = DEPTH): ErrorLike[] {
  if (!isObject(error) || depth === 0) return [];
  const { meta, cause } = error;
  const made = isObject(meta) ? [meta.driverAdapterError, meta] : [];
  return [...made.flatMap((one) => chainOf(one, depth - 1)), error, ...chainOf(cause, depth - 1)];
}

/** Prisma 8 has the SQLSTATE as `sqlState`, Bun as `errno`. */
function codesOf({ code, originalCode, kind, sqlState, errno }: ErrorLike): unknown[] {
  return [originalCode, code, kind, sqlState, errno];
}

function hasCode(error: unknown, codes: readonly unknown[]): boolean {
  return chainOf(error).some((one) => codesOf(one).some((code) => codes.includes(code)));
}

function hasText(error: unknown, text: RegExp): boolean {
  return chainOf(error).some(({ message, originalMessage = message }) => typeof originalMessage === "string" && text.test(originalMessage));
}

/** One attempt for each address of a host: nothing was sent only if none was connected. */
function worstOf(errors: readonly unknown[]): Fault {
  const faults = errors.map(faultOf);
  if (faults.length === 0 || faults.includes(null)) return null;
  return faults.includes("unknown") ? "unknown" : "unexecuted";
}

function ownFaultOf(error: ErrorLike): Fault {
  const { kind, host, message, originalMessage = message, severity, routine } = error;
  const codes = codesOf(error);
  const has = (known: readonly unknown[]): boolean => codes.some((code) => known.includes(code));
  const text = typeof originalMessage === "string" ? originalMessage : "";
  const connecting = connectFault(error, text);
  if (connecting !== undefined) return connecting;
  const known = TEXTS.find((one) => (one.code === undefined || codes.includes(one.code)) && one.text.test(text));
  if (known !== undefined) return known.fault;
  // The driver adapter drops the system call, but only an attempt to connect names a host.
  if (kind === "DatabaseNotReachable") return host === undefined ? "unknown" : "unexecuted";
  if (has(UNEXECUTED)) return "unexecuted";
  if (has(SOCKET) || has(UNKNOWN)) return "unknown";
  // A migration has changed the table under a prepared statement. Prisma drops the routine; no statement of ours is unsupported.
  if (has(["0A000"])) return routine === undefined || routine === "RevalidateCachedQuery" ? "unexecuted" : null;
  // PgBouncer ends a connection so, for whatever reason: the statement may have been on its way.
  return has(["08P01"]) && severity === "FATAL" ? "unknown" : null;
}

// Prisma drops the system call from its errors, and keeps it in their text.
const SYSTEM_CALL = /(?:^|\n)(connect|getaddrinfo) (E[A-Z_]+)/;

/** The fault of an attempt to connect, or to resolve a name; `undefined` if it was none. */
function connectFault(error: ErrorLike, text: string): Fault | undefined {
  const [, call = error.syscall, code = error.code] = SYSTEM_CALL.exec(text) ?? [];
  if (call !== "connect" && call !== "getaddrinfo") return undefined;
  return CONNECT.includes(code) ? "unexecuted" : null;
}
