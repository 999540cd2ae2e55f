import { at, type Fail, type Reject } from "../messages/reject.js";
import { checkColumn, checkStatus, checkTime, checkVersion } from "../instance/check.js";
import type { Codec } from "../values/codec.js";
import { describe, kindOf } from "../messages/describe.js";
import { CorruptInstanceError, InvalidInstanceError, PrecisionLossError, StorageError } from "../errors.js";
import type { Instance } from "../instance/instance.js";
import type { InstanceSummary } from "../instance/summary.js";
import { decodeState, type InstanceColumns } from "./state-reader.js";
import { encodeState } from "./state-writer.js";
import type { CheckedRow, RowColumns, RowSnapshot, SummaryRow, TextRow } from "./row.js";
import { type Lost, parseExact } from "./exact-json.js";
import { quote } from "../messages/quote.js";

/**
 * Maps an instance to its row.
 *
 * @throws {InvalidInstanceError} for anything that is not an instance.
 * @throws {NotSerializableError} if a value in it would not come back as it went in.
 */
export function toRow(instance: Instance, codec: Codec): CheckedRow {
  if (typeof instance !== "object" || instance === null)
    throw new InvalidInstanceError("", `expected an instance, found ${kindOf(instance)}`);
  const fail: Fail = (path, problem) => {
    throw new InvalidInstanceError(path, `instance ${describe(instance.id)} is invalid at ${path}: ${problem}`);
  };
  try {
    const { id, workflow, workflowVersion, status } = columns(instance, "workflowVersion", fail);
    return { id, workflow, workflowVersion, status, stateText: encodeState(instance, codec, fail) };
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
export function copyOf(instance: Instance, codec: Codec): Instance {
  return fromRow(toRow(instance, codec), codec);
}

/**
 * Maps a row to its instance, to the last digit if it has the text of its state.
 *
 * @throws {CorruptInstanceError} if it holds none.
 * @throws {PrecisionLossError} if digits would be lost.
 */
export function fromRow(row: RowSnapshot, codec: Codec): Instance {
  const fail = corrupt(row);
  const state = "stateText" in row ? parseState(row, codec) : row.state;
  return decodeState(columns(row, "workflow_version", fail), state, codec, fail);
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
  return { ...columns(row, "workflow_version", fail), insertedAt, updatedAt };
}

function parseState({ id, stateText }: TextRow, codec: Codec): unknown {
  const reject = (path: string, problem: string): never => {
    throw new PrecisionLossError(id, path, `row ${quote(id)} would lose digits at ${path}: ${problem}`);
  };
  if (stateText === null) return reject("state", "it holds numbers beyond 2^53, and raw SQL can't reach the table to check them");
  const lost: Lost = (digits, path) => {
    if (codec.exactIntegers && /^-?\d+$/.test(digits)) return BigInt(digits);
    const remedy = codec.exactIntegers ? "" : '; for integers, there is the option { bigIntegers: "bigint" }';
    return reject(path, `a JavaScript number can't hold the one that is stored${remedy}`);
  };
  return parseExact(stateText, "state", lost);
}

function corrupt({ id }: { readonly id: string }): Fail {
  return (path, problem) => {
    throw new CorruptInstanceError(id, path, `row ${quote(id)} is corrupt at ${path}: ${problem}`);
  };
}

function columns(row: RowColumns, versionPath: string, fail: Fail): InstanceColumns {
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
