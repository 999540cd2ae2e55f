import { INDEX_CHOICES } from "../../dist/cli/project/index-choices.js";
import { sum } from "../statistics.js";
import { droppedBy } from "./set-ups.js";

// Bytes a row at 100,000 rows, from the section "What the indexes cost a put" of docs/scale.md, 2026-11-22. The state is of
// 1,969 bytes there.
const BYTES: Readonly<Record<string, number>> = {
  idx_workflow_instances_state: 787,
  workflow_instances_updated_at_id_index: 49,
  workflow_instances_status_updated_at_id_index: 85,
};
const STATE_BYTES = 1_969;
/** All others, with the primary key. */
const REST = 232;

/** How many bytes a row takes in the indexes of a set-up. That of the state grows with it. */
export function indexBytesOf(setUp: string, stateBytes: number): number {
  const dropped = droppedBy(setUp);
  const kept = INDEX_CHOICES.flatMap(({ indexes }) => indexes).filter((index) => !dropped.includes(index));
  return REST + sum(kept.map((index) => (BYTES[index] ?? 0) * (index === "idx_workflow_instances_state" ? stateBytes / STATE_BYTES : 1)));
}
