import { interpolate, median } from "../statistics.js";
import { hasStateIndex, hotIndexBytesOf, indexBytesOf } from "./index-sizes.js";
import { putsOfCore, PROCESS, RULES, SERVER, WAL_OF_LARGE_TABLE } from "./rules.js";
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

/** What `npm run plan:scale` takes if it isn't told. */
export const DEFAULT_LOAD: Load = { instances: 100_000_000, stateBytes: 2_000, putsPerSecond: 1_000, statusShare: 0.5, putsPerInstance: 8 };

/** What a load needs in a set-up. Bytes, and seconds. */
export interface Capacity {
  readonly tableBytes: number;
  readonly indexBytes: number;
  /** Of the indexes that a put updates at any place: they must fit into memory. */
  readonly hotIndexBytes: number;
  readonly walPerPut: number;
  readonly walPerSecond: number;
  /** What a core of the server takes, busy with nothing else. */
  readonly putsPerCore: number;
  /** Of all servers together, half idle. */
  readonly cores: number;
  /** Parts for capacity. */
  readonly servers: number;
  /** Of the application, and the sessions of their pools. */
  readonly processes: number;
  /** To each server. */
  readonly connections: number;
  /** Parts for vacuum of a table on one server. */
  readonly partitions: number;
  /** Dead rows that only a vacuum removes, a second. */
  readonly deadPerSecond: number;
  /** From one autovacuum of a part to the next, at its default of a fifth of the rows. */
  readonly secondsBetweenVacuums: number;
  /** From one vacuum against the wraparound of transaction ids to the next on each server, if each put is a transaction. */
  readonly secondsBetweenFreezes: number;
  /** For how long all instances are kept at this size, if as many are pruned as are stored. */
  readonly retentionSeconds: number;
  /** Instances that are stored, and that `prune` has to delete, a second. */
  readonly instancesPerSecond: number;
}

/** Computes what a load needs, from what was measured of the set-ups at several sizes of the state. */
export function capacityOf(load: Load, costs: readonly SetUpCost[], setUp: string): Capacity {
  const { instances, stateBytes, putsPerSecond, statusShare, putsPerInstance } = load;
  const of = (name: string): readonly SetUpCost[] => costs.filter((cost) => cost.setUp === name);
  const at = (figure: (cost: SetUpCost) => number, name = setUp): number =>
    interpolate(
      of(name).map((cost) => [cost.stateBytes, figure(cost)]),
      stateBytes,
    );
  const tableBytes = instances * at(({ rewritten, rows }) => (rewritten.heap + rewritten.toast) / rows);
  // A small table's index says too much of a large one's: most of a GIN index is the keys that rows share.
  const bloat = median(of(setUp).map(({ filled, rewritten }) => rewritten.indexes / filled.indexes));
  const indexBytes = instances * indexBytesOf(setUp, stateBytes) * bloat;
  const bytes = tableBytes + indexBytes;
  const hotIndexBytes = instances * hotIndexBytesOf(setUp, stateBytes) * bloat;
  const walAt = (name: string): number => at(({ wal, walOfStatus }) => wal * (1 - statusShare) + walOfStatus * statusShare, name);
  const without = walAt(hasStateIndex(setUp) ? "without state search" : setUp);
  const walPerPut = without + (walAt(setUp) - without) * WAL_OF_LARGE_TABLE;
  const walPerSecond = walPerPut * putsPerSecond;
  const putsPerCore = putsOfCore(setUp, stateBytes);
  const cores = putsPerSecond / putsPerCore / RULES.load;
  const servers = Math.ceil(Math.max(cores / SERVER.cores, hotIndexBytes / SERVER.cacheBytes, walPerSecond / SERVER.walPerSecond));
  const processes = Math.max(2, Math.ceil(putsPerSecond / PROCESS.putsPerSecond));
  const sessions = processes * PROCESS.pool;
  const deadPerSecond = putsPerSecond * (1 - at(({ hot }) => hot) * (1 - statusShare));
  const instancesPerSecond = putsPerSecond / putsPerInstance;
  return {
    tableBytes,
    indexBytes,
    hotIndexBytes,
    walPerPut,
    walPerSecond,
    putsPerCore,
    cores,
    servers,
    processes,
    // With several servers, a session is one to the server that it asks, and one to each shard of every server.
    connections: servers === 1 ? sessions : Math.ceil(sessions / servers) + sessions * RULES.shardsPerServer,
    partitions: bytes <= RULES.partBytes ? 1 : 8 * Math.ceil(bytes / RULES.partBytes / 8),
    deadPerSecond,
    secondsBetweenVacuums: (instances * RULES.autovacuumScaleFactor) / deadPerSecond,
    secondsBetweenFreezes: (RULES.freezeMaxAge * servers) / putsPerSecond,
    retentionSeconds: instances / instancesPerSecond,
    instancesPerSecond,
  };
}
