import type { Case } from "./case.js";
import type { Entry } from "./workload.js";

/** The empty database that a candidate has to itself. */
export interface CandidateDatabase {
  readonly url: string;
  /** How many connections it may hold. */
  readonly pool: number;
}

/** The operations that are measured, on tables that the candidate's `connect` has created. */
export interface Operations {
  /** Stores the state of an id in place of the current one. */
  put(entry: Entry): Promise<unknown>;
  /** Loads the state of an id, parsed. */
  get(id: string): Promise<unknown>;
  /** Loads the 100 states whose status is `LISTED`, parsed. */
  list(): Promise<readonly unknown[]>;
  /** Stores many in one call. Candidates without it are left out of the cases of `putMany`. */
  putMany?(entries: readonly Entry[]): Promise<unknown>;
  close(): Promise<unknown>;
}

/** A way to store states in PostgreSQL: one file in `bench/candidates/`, listed in its `index.ts`. */
export interface Candidate {
  /** Its name in `--only`, in charts and in the result file. */
  readonly name: string;
  /** Its row in the tables, in Markdown. */
  readonly title: string;
  /** The package that is measured, a dependency of `bench/package.json`. */
  readonly package?: string;
  /** What its put, get and list do, in Markdown; for other engines. */
  readonly description?: string;
  /** The major version of Node that it requires, if newer than the one this package supports. */
  readonly node?: number;
  /**
   * Whether it takes part in a case.
   *
   * @defaultValue in every case
   */
  takesPartIn?(this: void, one: Case): boolean;
  /** Creates its tables and its pool. */
  connect(database: CandidateDatabase): Promise<Operations>;
}
