import type { Cell } from "./slot.js";
import type { Work } from "./workload.js";

/** The empty database that a competitor gets for itself. */
export interface Target {
  readonly url: string;
  /** How many connections it may hold. */
  readonly pool: number;
}

/** What a competitor does in the rounds, on tables that its `setup` has made. */
export interface Contestant {
  /** Stores the state of an id, in place of the one that it has. */
  put(work: Work): Promise<unknown>;
  /** Loads the state of an id, parsed. */
  get(id: string): Promise<unknown>;
  /** Loads the 100 states that are `LISTED`, parsed. */
  list(): Promise<readonly unknown[]>;
  /** Stores many in one call, where it can. */
  putMany?(works: readonly Work[]): Promise<unknown>;
  close(): Promise<unknown>;
}

/** Someone who keeps states in PostgreSQL. */
export interface Competitor {
  readonly name: string;
  /** What it is, for the tables of the report. */
  readonly title: string;
  /** The package that it is about, one of `bench/package.json`. */
  readonly package?: string;
  /** What its put, get and list are, in Markdown. */
  readonly how?: string;
  /** The version of Node that it needs, where that is newer than ours. */
  readonly node?: number;
  /** Whether it is measured there; without it, everywhere. */
  measuredIn?(this: void, cell: Cell): boolean;
  /** Makes its tables and its pool. `null` where it isn't there to be measured. */
  setup(target: Target): Promise<Contestant | null>;
}
