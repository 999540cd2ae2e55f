import { interpolate, median } from "../statistics.js";
import { indexBytesOf } from "./index-sizes.js";
import type { SetUpCost } from "./set-up-costs.js";

/** What a table has to hold and to take. */
export interface Load {
  readonly instances: number;
  /** The size of a state as text. */
  readonly stateBytes: number;
  readonly putsPerSecond: number;
  /** The share of puts that change the status: these update indexes in every set-up. */
  readonly statusShare: number;
  /** How often an instance is put in its life. */
  readonly putsPerInstance: number;
}

/** What a load needs in a set-up. Bytes, and seconds. */
export interface Capacity {
  readonly setUp: string;
  readonly tableBytes: number;
  readonly indexBytes: number;
  readonly walPerPut: number;
  readonly walPerDay: number;
  /** Partitions or shards, a power of two. */
  readonly parts: number;
  /** Dead rows that only a vacuum removes, a second. */
  readonly deadPerSecond: number;
  /** From one autovacuum of a part to the next, at its default of a fifth of the rows. */
  readonly secondsBetweenVacuums: number;
  /** From one vacuum against the wraparound of transaction ids to the next. */
  readonly secondsBetweenFreezes: number;
  /** For how long all instances are kept at this size, if as many are pruned as are stored. */
  readonly retentionSeconds: number;
  /** Instances that are stored, and that `prune` has to delete, a second. */
  readonly instancesPerSecond: number;
}

/** A rule of thumb, not measured: the size up to which vacuums, copies and index builds of one table take minutes. */
const PART_BYTES = 64 * 2 ** 30;
// PostgreSQL's defaults.
const AUTOVACUUM_SCALE_FACTOR = 0.2;
const AUTOVACUUM_FREEZE_MAX_AGE = 200_000_000;

/** Computes what a load needs, from what was measured of a set-up at several sizes of the state. */
export function capacityOf(load: Load, costs: readonly SetUpCost[], setUp: string): Capacity {
  const { instances, stateBytes, putsPerSecond, statusShare, putsPerInstance } = load;
  const measured = costs.filter((cost) => cost.setUp === setUp);
  const at = (figure: (cost: SetUpCost) => number): number =>
    interpolate(
      measured.map((cost) => [cost.stateBytes, figure(cost)]),
      stateBytes,
    );
  const tableBytes = instances * at(({ rewritten, rows }) => (rewritten.heap + rewritten.toast) / rows);
  // A small table's index says too much of a large one's: most of a GIN index is the keys that rows share.
  const bloat = median(measured.map(({ filled, rewritten }) => rewritten.indexes / filled.indexes));
  const indexBytes = instances * indexBytesOf(setUp, stateBytes) * bloat;
  const walPerPut = at(({ wal, walOfStatus }) => wal * (1 - statusShare) + walOfStatus * statusShare);
  const deadPerSecond = putsPerSecond * (1 - at(({ hot }) => hot) * (1 - statusShare));
  const instancesPerSecond = putsPerSecond / putsPerInstance;
  return {
    setUp,
    tableBytes,
    indexBytes,
    walPerPut,
    walPerDay: walPerPut * putsPerSecond * 86_400,
    parts: 2 ** Math.max(0, Math.ceil(Math.log2((tableBytes + indexBytes) / PART_BYTES))),
    deadPerSecond,
    secondsBetweenVacuums: (instances * AUTOVACUUM_SCALE_FACTOR) / deadPerSecond,
    secondsBetweenFreezes: AUTOVACUUM_FREEZE_MAX_AGE / putsPerSecond,
    retentionSeconds: instances / instancesPerSecond,
    instancesPerSecond,
  };
}
