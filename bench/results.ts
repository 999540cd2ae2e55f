import type { Candidate } from "./candidate.js";
import { CANDIDATES, REFERENCE } from "./candidates/index.js";
import { type Case, caseName } from "./case.js";
import type { Conditions } from "./conditions.js";
import { median } from "./statistics.js";

/** What a candidate did in one turn. For `putMany`, an operation is one row. */
export interface Measurement {
  readonly operations: number;
  readonly perSecond: number;
  /** Milliseconds of the client's CPU for one operation, on all threads. */
  readonly cpu: number;
  /** The most memory that its process has used so far, in MB. */
  readonly peakRss: number;
}

/** What was measured of one candidate in one case. */
export interface CaseMeasurements {
  readonly case: string;
  readonly candidate: string;
  /** One for each round. */
  readonly rounds: readonly Measurement[];
  /** Statements on the server for one operation. */
  readonly statements: number;
}

/** How the benchmark was run. */
export interface Settings {
  readonly rounds: number;
  readonly milliseconds: number;
  readonly warmUpMilliseconds: number;
  readonly pool: number;
}

/** The result file: everything that the document says was measured. */
export interface Results {
  readonly conditions: Conditions;
  readonly settings: Settings;
  /** The versions of the packages that took part. */
  readonly versions: Readonly<Record<string, string>>;
  readonly measurements: readonly CaseMeasurements[];
}

/** One candidate in one case: medians over the rounds. */
export interface Result {
  readonly perSecond: number;
  /** The median of the speeds in relation to another candidate's in the same round. */
  readonly ratio: number;
  readonly cpu: number;
  readonly peakRss: number;
  readonly statements: number;
}

/** The result of a candidate in a case, or `undefined` if one of the two was not measured in it. */
export function resultOf(
  { measurements }: Pick<Results, "measurements">,
  one: Case,
  candidate: string,
  reference = REFERENCE,
): Result | undefined {
  const find = (name: string): CaseMeasurements | undefined =>
    measurements.find((found) => found.case === caseName(one) && found.candidate === name);
  const [own, other] = [find(candidate), find(reference)];
  if (own === undefined || other === undefined) return undefined;
  return {
    perSecond: median(own.rounds.map(({ perSecond }) => perSecond)),
    ratio: median(own.rounds.map(({ perSecond }, round) => perSecond / (other.rounds[round]?.perSecond ?? NaN))),
    cpu: median(own.rounds.map(({ cpu }) => cpu)),
    peakRss: Math.max(...own.rounds.map(({ peakRss }) => peakRss)),
    statements: own.statements,
  };
}

/** The candidates that took part, in the order of the list. */
export function measuredCandidates({ measurements }: Results): readonly Candidate[] {
  return CANDIDATES.filter(({ name }) => measurements.some(({ candidate }) => candidate === name));
}
