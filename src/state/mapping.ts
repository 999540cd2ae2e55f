import { checkColumn, checkStatus, checkTime, checkVersion } from "../instance/check.js";
import type { Instance } from "../instance/instance.js";
import type { InstanceSummary } from "../instance/summary.js";
import { CorruptInstanceError, InvalidInstanceError, PrecisionLossError, StorageError } from "../errors.js";
import { describe, kindOf } from "../messages/describe.js";
import { quote } from "../messages/quote.js";
import { at, type Fail, type Reject } from "../messages/reject.js";
import { type BigIntegers, isBeyondSafe, isReadableInteger } from "../values/big-integers.js";
import { isInteger, parseExact, type ReadNumber } from "./exact-json.js";
import { findPart, findTooDeep, isTooDeep, TOO_DEEP } from "./odd-parts.js";
import type { ParsedRow, ReadRow, RowColumns, SummaryRow, TextRow } from "./row.js";
import { type InstanceColumns, readState } from "./state-reader.js";
import { writeState } from "./state-writer.js";

/**
 * Maps an instance to its row.
 *
 * @throws {InvalidInstanceError} for anything that is not an instance.
 * @throws {NotSerializableError} if a value in it would not come back as it went in.
 */
export function toRow(instance: Instance, bigIntegers: BigIntegers): TextRow {
  if (typeof instance !== "object" || instance === null)
    throw new InvalidInstanceError("", `expected an instance, found ${kindOf(instance)}`);
  const fail: Fail = (path, problem) => {
    throw new InvalidInstanceError(path, `instance ${describe(instance.id)} is invalid at ${path}: ${problem}`);
  };
  try {
    const { id, workflow, workflowVersion, status } = readColumns(instance, "workflowVersion", fail);
    return { id, workflow, workflowVersion, status, stateText: writeState(instance, bigIntegers, fail) };
  } catch (error) {
    if (error instanceof StorageError) throw error;
    throw new InvalidInstanceError("", "the instance can't be stored: reading it throws"); // a getter, a revoked Proxy
  }
}

/**
 * A copy of an instance as it would be stored and read again, which its owner can't change.
 *
 * @throws {StorageError} as {@link toRow} does.
 */
export function copyOf(instance: Instance, bigIntegers: BigIntegers): Instance {
  return fromRow(toRow(instance, bigIntegers), bigIntegers);
}

/**
 * Maps a row to its instance, to the last digit if it has the text of its state.
 *
 * @throws {CorruptInstanceError} if it holds none.
 * @throws {PrecisionLossError} if digits would be lost.
 */
export function fromRow(row: ReadRow, bigIntegers: BigIntegers): Instance {
  const fail = corrupt(row);
  const state = "stateText" in row ? parseState(row, bigIntegers, fail) : checkParsed(row, fail);
  return readState(readColumns(row, "workflow_version", fail), state, bigIntegers, fail);
}

/**
 * Maps a row without its state to a summary.
 *
 * @throws {CorruptInstanceError} if its columns can't be an instance's.
 */
export function toSummary(row: SummaryRow): InstanceSummary {
  const fail = corrupt(row);
  const insertedAt = checkTime(row.insertedAt, at("inserted_at", fail));
  const updatedAt = checkTime(row.updatedAt, at("updated_at", fail));
  return { ...readColumns(row, "workflow_version", fail), insertedAt, updatedAt };
}

function parseState({ id, stateText, plainState }: TextRow, bigIntegers: BigIntegers, fail: Fail): unknown {
  if (plainState !== undefined) return plainState;
  const read: ReadNumber = (digits, path) => {
    if (!isInteger(digits)) return lose(id, path, "a JavaScript number can't hold the decimal that is stored");
    if (!isReadableInteger(digits)) return lose(id, path, "the integer that is stored has too many digits to be read");
    if (bigIntegers === "bigint") return BigInt(digits);
    return lose(id, path, 'a JavaScript number can\'t hold the integer that is stored; { bigIntegers: "bigint" } reads it');
  };
  const state = parseExact(stateText, "state", read, bigIntegers === "bigint");
  const tooDeep = findTooDeep(state, stateText);
  return tooDeep === null ? state : fail(tooDeep, TOO_DEEP);
}

/** Once an integer beyond ±(2^53−1) is parsed, nothing says which digits are stored. */
function checkParsed({ id, state }: ParsedRow, fail: Fail): unknown {
  let deepest = false;
  const path = findPart(state, "state", (part, depth, key) => {
    if (typeof part === "number") return isBeyondSafe(part);
    return (deepest = isTooDeep(part, depth, key));
  });
  if (path === null) return state;
  return deepest
    ? fail(path, TOO_DEEP)
    : lose(id, path, 'Prisma has parsed an integer beyond 2^53 and may have rounded it; with the option "table" it is exact');
}

function lose(id: string, path: string, problem: string): never {
  throw new PrecisionLossError(id, path, `row ${quote(id)} would lose digits at ${path}: ${problem}`);
}

function corrupt({ id }: { readonly id: string }): Fail {
  return (path, problem) => {
    throw new CorruptInstanceError(id, path, `row ${quote(id)} is corrupt at ${path}: ${problem}`);
  };
}

function readColumns(row: RowColumns, versionPath: string, fail: Fail): InstanceColumns {
  let path = "id";
  const reject: Reject = (problem) => fail(path, problem);
  const id = checkColumn(row.id, reject);
  path = "workflow";
  const workflow = checkColumn(row.workflow, reject);
  path = versionPath;
  const workflowVersion = checkVersion(row.workflowVersion, reject);
  path = "status";
  return { id, workflow, workflowVersion, status: checkStatus(row.status, reject) };
}
