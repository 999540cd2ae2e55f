import { median } from "./median.js";
import { type Cell, cellName, type Sample } from "./slot.js";

/** What one competitor reached in one cell: medians over the rounds. */
export interface Result {
  readonly competitor: string;
  readonly cell: Cell;
  readonly perSecond: number;
  /** Speed in relation to another competitor's in the same round. */
  readonly ratio: number;
  readonly cpu: number;
  readonly peakRss: number;
  readonly statements?: number;
}

/** All samples of a run: by cell, by competitor, one for each round. */
export class Results {
  readonly reference: string;
  readonly #samples = new Map<string, Map<string, Sample[]>>();
  readonly #statements = new Map<string, number>();

  constructor(reference: string) {
    this.reference = reference;
  }

  add(cell: Cell, competitor: string, sample: Sample): void {
    const ofCell = this.#samples.get(cellName(cell)) ?? new Map<string, Sample[]>();
    this.#samples.set(cellName(cell), ofCell);
    ofCell.set(competitor, [...(ofCell.get(competitor) ?? []), sample]);
  }

  addStatements(cell: Cell, competitor: string, statements: number): void {
    this.#statements.set(`${cellName(cell)} ${competitor}`, statements);
  }

  /** What a competitor reached, with its ratio to the reference or to someone else. */
  result(cell: Cell, competitor: string, reference = this.reference): Result | undefined {
    const samples = this.#samples.get(cellName(cell))?.get(competitor);
    const references = this.#samples.get(cellName(cell))?.get(reference);
    if (samples === undefined || references === undefined) return undefined;
    const statements = this.#statements.get(`${cellName(cell)} ${competitor}`);
    return {
      competitor,
      cell,
      perSecond: median(samples.map(({ perSecond }) => perSecond)),
      ratio: median(samples.map(({ perSecond }, round) => perSecond / (references[round]?.perSecond ?? NaN))),
      cpu: median(samples.map(({ cpu }) => cpu)),
      peakRss: Math.max(...samples.map(({ peakRss }) => peakRss)),
      ...(statements !== undefined && { statements }),
    };
  }
}
