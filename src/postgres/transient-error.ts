import { isObject } from "../instance/check.js";

/**
 * What an error of Prisma, of its driver adapter or of the driver says about the statement: `"unexecuted"`, it has
 * done nothing and can go again; `"unknown"`, the connection was lost and it may have been carried out; `null`, the
 * error is no fault of the moment.
 */
export type Fault = "unexecuted" | "unknown" | null;

const UNEXECUTED = new Set([
  ...["P1001", "P2024", "P2034"], // Prisma: unreachable, no connection free in time, deadlock or serialization failure
  ...["40001", "40P01", "53300", "57P03"], // PostgreSQL: the same, too many connections, starting up
  "DatabaseNotReachable", // the driver adapter: all that raw SQL's P2010 tells
  ...["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"], // the socket never opened
]);
const UNKNOWN = new Set([
  ...["P1002", "P1008", "P1017"], // Prisma: timed out, closed
  ...["08000", "08003", "08006", "57P01", "57P02"], // PostgreSQL: connection failure, shut down, crashed
  ...["ConnectionClosed", "SocketTimeout"], // the driver adapter, likewise
  ...["ECONNRESET", "ECONNABORTED", "EPIPE", "ETIMEDOUT"],
]);
// pg's own errors have no code, and come through Prisma as they are. Prisma's P2028 stands for all that befalls transactions.
const UNEXECUTED_MESSAGE =
  /^timeout exceeded when trying to connect$|^Connection terminated due to connection timeout$|Unable to start a transaction in the given time/;
const UNKNOWN_MESSAGE = /^Connection terminated|^Client has encountered a connection error and is not queryable$/;

/** Recognises faults that pass: by codes, and by message only where pg gives no code. */
export function faultOf(error: unknown): Fault {
  if (!isObject(error)) return null;
  const { code, message, meta, cause } = error;
  const adapterError = isObject(meta) && isObject(meta.driverAdapterError) ? meta.driverAdapterError.cause : undefined;
  const codes = [
    code,
    isObject(adapterError) ? (adapterError.originalCode ?? adapterError.kind) : undefined,
    isObject(cause) ? (cause.originalCode ?? cause.code) : undefined,
  ];
  if (codes.some((one) => typeof one === "string" && UNEXECUTED.has(one))) return "unexecuted";
  if (codes.some((one) => typeof one === "string" && UNKNOWN.has(one))) return "unknown";
  if (typeof message !== "string") return null;
  if (UNEXECUTED_MESSAGE.test(message)) return "unexecuted";
  return UNKNOWN_MESSAGE.test(message) ? "unknown" : null;
}
