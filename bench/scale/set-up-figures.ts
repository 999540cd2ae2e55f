import { readFileSync, writeFileSync } from "node:fs";
import type { Conditions } from "../conditions.js";
import type { SetUpCost } from "./set-up-costs.js";

/** What was measured of the set-ups, and when. */
export interface SetUpFigures {
  readonly conditions: Conditions;
  readonly costs: readonly SetUpCost[];
}

const FILE = new URL("set-up-figures.json", import.meta.url);

/** The figures that docs/scale.md has, from which `npm run plan:scale` computes. */
export function readFigures(): SetUpFigures {
  return JSON.parse(readFileSync(FILE, "utf8")) as SetUpFigures;
}

export function keepFigures(figures: SetUpFigures): void {
  writeFileSync(FILE, `${JSON.stringify(figures, null, 2)}\n`);
}
