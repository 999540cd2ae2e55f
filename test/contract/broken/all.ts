import { brokenArguments } from "./arguments.js";
import type { BrokenStorage } from "./broken-storage.js";
import { brokenCounts } from "./counts.js";
import { brokenFilters } from "./filters.js";
import { brokenOddValues } from "./odd-values.js";
import { brokenPages } from "./pages.js";
import { brokenSignals } from "./signals.js";
import { brokenSwaps } from "./swaps.js";
import { brokenValues } from "./values.js";
import { brokenWrites } from "./writes.js";

/** Storages with one deliberate fault each. */
export const brokenStorages: readonly BrokenStorage[] = [
  ...[...brokenValues, ...brokenOddValues, ...brokenWrites, ...brokenSwaps, ...brokenFilters, ...brokenPages],
  ...[...brokenCounts, ...brokenArguments, ...brokenSignals],
];
