import { sum } from "../statistics.js";
import { droppedBy } from "./set-ups.js";

// Bytes a row at 100,000 rows, from the section "What the indexes cost a put" of docs/scale.md, 2026-11-22. The state is of
// 1,969 bytes there.
const STATE_INDEX = "idx_workflow_instances_state";
const BYTES: Readonly<Record<string, number>> = {
  [STATE_INDEX]: 787,
  workflow_instances_updated_at_id_index: 49,
  workflow_instances_status_updated_at_id_index: 85,
};
const STATE_BYTES = 1_969;
/** All others, with the primary key. */
const REST = 232;
/** Of these, the index by `inserted_at`: with the two by `updated_at`, the ones that puts update near their ends. */
const INSERTED_AT = 41;

/** How many bytes a row takes in the indexes of a set-up. */
export function indexBytesOf(setUp: string, stateBytes: number): number {
  const dropped = droppedBy(setUp);
  const kept = Object.keys(BYTES).filter((index) => !dropped.includes(index));
  return REST + sum(kept.map((index) => bytesOf(index, stateBytes)));
}

/** How many bytes a row takes in those that a put updates at any place, if ids are random. */
export function hotIndexBytesOf(setUp: string, stateBytes: number): number {
  return REST - INSERTED_AT + (hasStateIndex(setUp) ? bytesOf(STATE_INDEX, stateBytes) : 0);
}

export function hasStateIndex(setUp: string): boolean {
  return !droppedBy(setUp).includes(STATE_INDEX);
}

/** The index of the state grows with it. */
function bytesOf(index: string, stateBytes: number): number {
  return (BYTES[index] ?? 0) * (index === STATE_INDEX ? stateBytes / STATE_BYTES : 1);
}
