import { checkColumn, checkStatus, checkVersion } from "./check.js";
import type { InstanceRow } from "./client.js";
import type { Codec } from "./codec.js";
import { describe, kindOf } from "./describe.js";
import { CorruptInstanceError, InvalidInstanceError } from "./errors.js";
import type { Instance } from "./instance.js";
import { decodeState, encodeState, type Fail } from "./state.js";

/** A row that is ready to be written; the state is its JSON text. */
export interface CheckedRow extends InstanceRow {
  readonly state: string;
}

/**
 * Maps an instance to its row.
 *
 * @throws {InvalidInstanceError} where it is no instance.
 * @throws {NotSerializableError} where a value in it would not come back as it went in.
 */
export function toRow(instance: Instance, codec: Codec): CheckedRow {
  if (typeof instance !== "object" || instance === null)
    throw new InvalidInstanceError("", `expected an instance, found ${kindOf(instance)}`);
  const fail: Fail = (path, problem) => {
    throw new InvalidInstanceError(path, `instance ${describe(instance.id)} is invalid at ${path}: ${problem}`);
  };
  return { ...columns(instance, "workflowVersion", fail), state: encodeState(instance, codec, fail) };
}

/**
 * Maps a row to its instance.
 *
 * @throws {CorruptInstanceError} where it holds none.
 */
export function fromRow(row: InstanceRow, codec: Codec): Instance {
  const fail: Fail = (path, problem) => {
    throw new CorruptInstanceError(row.id, path, `row ${JSON.stringify(row.id)} is corrupt at ${path}: ${problem}`);
  };
  return { ...columns(row, "workflow_version", fail), ...decodeState(row.state, codec, fail) };
}

function columns(row: Omit<InstanceRow, "state">, versionPath: string, fail: Fail): Omit<Instance, keyof ReturnType<typeof decodeState>> {
  return {
    id: checkColumn(row.id, (problem) => fail("id", problem)),
    workflow: checkColumn(row.workflow, (problem) => fail("workflow", problem)),
    workflowVersion: checkVersion(row.workflowVersion, (problem) => fail(versionPath, problem)),
    status: checkStatus(row.status, (problem) => fail("status", problem)),
  };
}
