/** The value in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? (sorted[Math.floor(middle)] ?? NaN) : ((sorted[middle - 1] ?? NaN) + (sorted[middle] ?? NaN)) / 2;
}

/** The value that a share of the others is below. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

/** The value of a line through points at a place; beyond them, that of the nearest. */
export function interpolate(points: readonly (readonly [x: number, y: number])[], x: number): number {
  const sorted = [...points].sort(([a], [b]) => a - b);
  const after = sorted.findIndex(([at]) => at >= x);
  const [x1, y1] = sorted[after === -1 ? sorted.length - 1 : after] ?? [NaN, NaN];
  const [x0, y0] = sorted[after - 1] ?? [x1, y1];
  return after <= 0 || x1 === x0 ? y1 : y0 + ((y1 - y0) * (x - x0)) / (x1 - x0);
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
