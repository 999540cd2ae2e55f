/** Shares the width of a terminal out to columns: each gets what it needs, or an equal part of what the narrower ones leave. */
export function shareWidth(needed: readonly number[], width: number, narrowest: number): number[] {
  const shares = [...needed];
  let left = width;
  let open = needed.length;
  const byNeed = needed.map((need, column) => ({ need, column })).sort((a, b) => a.need - b.need);
  for (const { need, column } of byNeed) {
    const share = Math.min(need, Math.max(narrowest, Math.floor(left / open)));
    shares[column] = share;
    left -= share;
    open--;
  }
  return shares;
}
