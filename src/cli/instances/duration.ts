import { UsageFailure } from "../failure.js";

const MINUTE = 60_000;
const UNITS = new Map([
  ["m", MINUTE],
  ["h", 60 * MINUTE],
  ["d", 24 * 60 * MINUTE],
  ["w", 7 * 24 * 60 * MINUTE],
]);
const LONGEST = 100 * 365 * 24 * 60 * MINUTE;

/** Milliseconds of a duration such as `45m`, `12h`, `30d` or `2w`. @throws {UsageFailure} for anything else. */
export function parseDuration(text: string, option: string): number {
  const [, count, unit = ""] = /^(\d+)([a-z])$/.exec(text) ?? [];
  const milliseconds = Number(count) * (UNITS.get(unit) ?? NaN);
  if (milliseconds >= 0 && milliseconds <= LONGEST) return milliseconds;
  throw new UsageFailure(
    `${option} is invalid: expected a whole number of minutes, hours, days or weeks, such as 45m, 12h, 30d or 2w, of at most 100 years, found ${JSON.stringify(text)}`,
  );
}
