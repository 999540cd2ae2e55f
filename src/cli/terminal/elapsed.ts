const MICROSECONDS = [
  ["d", 86_400e6],
  ["h", 3_600e6],
  ["min", 60e6],
  ["s", 1e6],
  ["ms", 1e3],
  ["µs", 1],
] as const;

/** A duration in its largest unit and the next, `1 h 5 min` or `12 s`, or only in the largest. */
export function formatElapsed(microseconds: number, parts: 1 | 2 = 2): string {
  let rest = Math.abs(Math.round(microseconds));
  const words: string[] = [];
  for (const [unit, size] of MICROSECONDS) {
    const count = Math.floor(rest / size);
    if (count === 0 && words.length === 0) continue;
    if (count > 0) words.push(`${count} ${unit}`);
    if (count === 0 || words.length === parts) break;
    rest -= count * size;
  }
  return words.join(" ") || "0 s";
}

/** The time since a moment: `3 min ago`. */
export function formatAgo(time: Date, now: number): string {
  const milliseconds = now - time.getTime();
  if (Math.abs(milliseconds) < 1_000) return "just now";
  const elapsed = formatElapsed(milliseconds * 1_000, 1);
  return milliseconds > 0 ? `${elapsed} ago` : `in ${elapsed}`; // clocks differ
}

/** Microseconds of a time in ISO 8601, since Elixir writes that many digits; NaN for any other text. */
export function parseMicroseconds(timestamp: string): number {
  const [, seconds, fraction = "", offset] = /^([^.]+)(?:\.(\d+))?(Z|[+-]\d\d:\d\d)$/.exec(timestamp) ?? [];
  return Date.parse(`${seconds}${offset}`) * 1_000 + Number(fraction.padEnd(6, "0").slice(0, 6));
}
