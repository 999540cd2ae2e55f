import { NotSerializableError } from "../errors.js";
import { findPart } from "../state/odd-parts.js";
import type { TextRow } from "../state/row.js";
import { isBeyondSafe } from "../values/big-integers.js";
import type { InstanceCreate, InstanceUpdate } from "./client.js";

/** What Prisma writes of a row, if its id is free and if it is taken. */
export function inputOf({ id, workflow, workflowVersion, status, stateText }: TextRow): { create: InstanceCreate; update: InstanceUpdate } {
  const update = { workflow, status, state: stateInput(stateText), updatedAt: new Date() };
  return { create: { id, workflowVersion, ...update, insertedAt: update.updatedAt }, update };
}

// Few texts hold what can be a large number, or one of these keys.
const RISKY = /\d{16}|\de\+|"__proto__"|"__prismaRawParameters__"/;

/**
 * The value of a state, for Prisma.
 *
 * @throws {NotSerializableError} for what Prisma's verbs would lose: integers beyond ±(2^53−1), which they round when they
 * read, keys `__proto__`, which they drop, and `__prismaRawParameters__`, by which they replace the value.
 */
export function stateInput(text: string): object {
  const state = JSON.parse(text) as object;
  const path = RISKY.test(text) ? findPart(state, "state", (part, _, key) => isLost(part) || LOST_KEYS.includes(key)) : null;
  if (path === null) return state;
  throw new NotSerializableError(
    path,
    `${path} can't be stored: Prisma's verbs lose integers beyond 2^53 and keys ${LOST_KEYS.join(" and ")}. ` +
      'Name the table of the model, so that the storage sends SQL: { table: "public.workflow_instances" }',
  );
}

const LOST_KEYS: readonly unknown[] = ["__proto__", "__prismaRawParameters__"];

function isLost(part: unknown): boolean {
  return typeof part === "number" && isBeyondSafe(part);
}
