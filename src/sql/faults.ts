import { InvalidTableError, ReadOnlyError } from "../errors.js";
import { isObject } from "../runtime/native-types.js";
import type { Fault } from "../storage/retrying-rows.js";

// The table "Faults" of docs/concurrency.md says what each of them means. A test compares it with this file.
const UNEXECUTED = new Set([
  ...["P1001", "P2024", "P2034", "40001", "40P01", "53300", "57P03"],
  ...["57P05", "25006", "58030"], // an error of these ends a statement that has changed nothing
]);
const UNKNOWN = new Set([
  ...["P1002", "P1008", "P1017", "08000", "08003", "08006", "57P01", "57P02"],
  ...["ConnectionClosed", "SocketTimeout"], // the driver adapter's words for ECONNRESET and ETIMEDOUT
]);

// Node throws most of these on open sockets, too: only the system call says whether a statement was on its way.
const SOCKET = new Set(["ECONNREFUSED", "ECONNRESET", "ECONNABORTED", "EPIPE", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH"]);
const CONNECT = new Set([...SOCKET, "ENOTFOUND", "EAI_AGAIN", "ENOENT"]);

/** An error that is known by its text: its code is missing or says too little. */
interface Text {
  readonly code?: string;
  readonly text: RegExp;
  readonly fault: Fault;
}

const TEXTS: readonly Text[] = [
  { text: /^timeout exceeded when trying to connect$/, fault: "unexecuted" },
  { text: /^Connection terminated due to connection timeout$/, fault: "unexecuted" },
  { code: "P2028", text: /Unable to start a transaction in the given time/, fault: "unexecuted" },
  { code: "0A000", text: /cached plan must not change result type/, fault: "unexecuted" },
  { code: "XX000", text: /failure on connection marked as essential/, fault: "unexecuted" },
  { code: "08P01", text: /server login (has been failing|failed)|query_wait_timeout|client_(login|idle)_timeout/, fault: "unexecuted" },
  { code: "08P01", text: /no more connections allowed|invalid server parameter/, fault: "unexecuted" },
  { code: "08P01", text: /server conn(ection closed| crashed)|query.timeout/, fault: "unknown" },
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
  return chainOf(error).some((one) => codesOf(one).some((code) => code === "40001" || code === "40P01" || code === "P2034"));
}

/** What a caller gets for an error that no retry ends: with the words that fix it, if it is one that we know. */
export function explain(error: unknown): unknown {
  const has = (codes: readonly unknown[]): boolean => chainOf(error).some((one) => codesOf(one).some((code) => codes.includes(code)));
  if (has(["25006"])) return new ReadOnlyError({ cause: error });
  return has(["42P01", "42703", "P2021", "P2022"]) ? new InvalidTableError({ cause: error }) : error;
}

type ErrorLike = Readonly<Record<string, unknown>>;

/** An error with the error of the driver adapter that Prisma's was made of before it, and its cause after it. */
function chainOf(error: unknown, depth = DEPTH): ErrorLike[] {
  if (!isObject(error) || depth === 0) return [];
  const { meta, cause } = error;
  const made = isObject(meta) ? [meta.driverAdapterError, meta] : [];
  return [...made.flatMap((one) => chainOf(one, depth - 1)), error, ...chainOf(cause, depth - 1)];
}

function codesOf({ code, originalCode, kind }: ErrorLike): unknown[] {
  return [originalCode, code, kind];
}

/** One attempt for each address of a host: nothing was sent only if none was connected. */
function worstOf(errors: readonly unknown[]): Fault {
  const faults = errors.map(faultOf);
  if (faults.length === 0 || faults.includes(null)) return null;
  return faults.includes("unknown") ? "unknown" : "unexecuted";
}

function ownFaultOf(error: ErrorLike): Fault {
  const { syscall, kind, host, message, originalMessage = message } = error;
  const has = (known: ReadonlySet<string>): boolean => codesOf(error).some((code) => typeof code === "string" && known.has(code));
  if (syscall === "connect" || syscall === "getaddrinfo") return has(CONNECT) ? "unexecuted" : null;
  if (has(SOCKET)) return "unknown";
  // The driver adapter drops the system call, but only an attempt to connect names a host.
  if (kind === "DatabaseNotReachable") return host === undefined ? "unknown" : "unexecuted";
  if (has(UNEXECUTED)) return "unexecuted";
  if (has(UNKNOWN)) return "unknown";
  if (typeof originalMessage !== "string") return null;
  const known = TEXTS.find(({ code, text }) => (code === undefined || codesOf(error).includes(code)) && text.test(originalMessage));
  return known?.fault ?? null;
}
