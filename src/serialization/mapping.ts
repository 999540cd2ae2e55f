import { checkColumn, checkStatus, checkVersion, type Refuse } from "../instance/check.js";
import type { Codec } from "./codec.js";
import { describe, kindOf } from "../instance/describe.js";
import { CorruptInstanceError, InvalidInstanceError } from "../errors.js";
import type { Instance } from "../instance/instance.js";
import type { InstanceSummary } from "../instance/summary.js";
import type { Fail } from "../parts.js";
import { decodeState, type InstanceColumns } from "./state-reader.js";
import { encodeState } from "./state-writer.js";
import type { InstanceRow, SummaryRow } from "./row.js";

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
  const { id, workflow, workflowVersion, status } = columns(instance, "workflowVersion", fail);
  return { id, workflow, workflowVersion, status, state: encodeState(instance, codec, fail) };
}

/**
 * Maps a row to its instance.
 *
 * @throws {CorruptInstanceError} where it holds none.
 */
export function fromRow(row: InstanceRow, codec: Codec): Instance {
  const fail = corrupt(row);
  return decodeState(columns(row, "workflow_version", fail), row.state, codec, fail);
}

/**
 * Maps a row without its state to a summary.
 *
 * @throws {CorruptInstanceError} where its columns can't be an instance's.
 */
export function toSummary(row: SummaryRow): InstanceSummary {
  return { ...columns(row, "workflow_version", corrupt(row)), insertedAt: row.insertedAt, updatedAt: row.updatedAt };
}

function corrupt({ id }: { readonly id: string }): Fail {
  return (path, problem) => {
    throw new CorruptInstanceError(id, path, `row ${JSON.stringify(id)} is corrupt at ${path}: ${problem}`);
  };
}

function columns(row: Omit<InstanceRow, "state">, versionPath: string, fail: Fail): InstanceColumns {
  let path = "id";
  const refuse: Refuse = (problem) => fail(path, problem);
  const id = checkColumn(row.id, refuse);
  path = "workflow";
  const workflow = checkColumn(row.workflow, refuse);
  path = versionPath;
  const workflowVersion = checkVersion(row.workflowVersion, refuse);
  path = "status";
  return { id, workflow, workflowVersion, status: checkStatus(row.status, refuse) };
}
