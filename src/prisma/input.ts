import type { Connection, InstanceCreate, InstanceUpsert } from "./client.js";
import { jsonInput } from "./json-text.js";
import type { CheckedRow } from "../serialization/mapping.js";

/** Prisma's arguments for a row that is put. The update leaves out the version, which never changes once written. */
export function upsertOf(connection: Connection, row: CheckedRow): InstanceUpsert {
  const create = createOf(connection, row);
  const { workflow, status, state, updatedAt } = create;
  return {
    where: { id: row.id },
    create,
    update: { workflow, status, state, updatedAt },
    select: { id: true }, // without it, the whole state would come back
  };
}

/** Prisma's arguments for a row that is inserted where its id is free; in a transaction, a taken one doesn't abort it. */
export function insertOf(connection: Connection, row: CheckedRow): { data: InstanceCreate[]; skipDuplicates: true } {
  return { data: [createOf(connection, row)], skipDuplicates: true };
}

function createOf({ client }: Connection, { id, workflow, workflowVersion, status, state }: CheckedRow): InstanceCreate {
  const now = new Date();
  return { id, workflow, workflowVersion, status, state: jsonInput(client, state), insertedAt: now, updatedAt: now };
}
