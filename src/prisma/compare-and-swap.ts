import { type Connection, isTransaction } from "./client.js";
import { ConflictError } from "../errors.js";
import { faultOf } from "../postgres/transient-error.js";
import { jsonInput } from "./json-text.js";
import type { CheckedRow } from "../serialization/mapping.js";
import type { Retry } from "../postgres/retry.js";
import type { StoredForm } from "../storage/snapshots.js";

/**
 * Writes a row where the stored one is still what was read: one guarded UPDATE. It compares everything that an
 * instance is, and needs no column of its own, so it notices every writer.
 *
 * @throws {ConflictError} where the stored one differs or is gone.
 */
export async function compareAndSwap(connection: Connection, retry: Retry, expected: StoredForm, row: CheckedRow): Promise<void> {
  const { client, instances } = connection;
  const { id, workflow, status } = row;
  const guard = {
    id,
    workflow: expected.workflow,
    workflowVersion: expected.workflowVersion,
    status: expected.status,
    state: { equals: jsonInput(client, expected.text ?? JSON.stringify(expected.state)) },
  };
  const data = { workflow, status, state: jsonInput(client, row.state), updatedAt: new Date() };
  const update = (): PromiseLike<{ count: number }> => instances.updateMany({ where: guard, data });
  const { count } = await retry.once(id, update).catch((error: unknown) => {
    if (!isTransaction(client) || faultOf(error) !== "unexecuted") throw error;
    const begin = "under this isolation level only a new transaction sees what was written: roll this one back, and begin again";
    throw new ConflictError(id, `instance ${JSON.stringify(id)} was written by another transaction meanwhile; ${begin}`, { cause: error });
  });
  if (count === 0) throw differs(id);
}

/** The conflict with a writer that was faster. */
export function differs(id: string): ConflictError {
  return new ConflictError(
    id,
    `instance ${JSON.stringify(id)} is no longer the one that was expected: another writer was faster, or it was deleted`,
  );
}
