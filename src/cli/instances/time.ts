import { UsageFailure } from "../failure.js";

const ISO = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)?(Z|[+-]\d\d:\d\d)?$/;
const MINUTE = 60_000;
const UNITS = new Map([
  ["m", MINUTE],
  ["h", 60 * MINUTE],
  ["d", 24 * 60 * MINUTE],
  ["w", 7 * 24 * 60 * MINUTE],
]);
const LONGEST = 100 * 365 * 24 * 60 * MINUTE;

/** Milliseconds of a duration such as `45m`, `12h`, `30d` or `2w`. @throws {UsageFailure} for what is none. */
export function parseDuration(text: string, option: string): number {
  const [, count, unit = ""] = /^(\d+)([a-z])$/.exec(text) ?? [];
  const milliseconds = Number(count) * (UNITS.get(unit) ?? NaN);
  if (milliseconds >= 0 && milliseconds <= LONGEST) return milliseconds;
  throw new UsageFailure(
    `${option} is invalid: expected a whole number of minutes, hours, days or weeks, such as 45m, 12h, 30d or 2w, of at most 100 years, found ${JSON.stringify(text)}`,
  );
}

/** A time such as `2026-04-12` or `2026-04-12T10:00`, in UTC unless it says otherwise, or so long ago: `2h`. */
export function parsePointInTime(text: string, option: string, now: number): Date {
  if (/^\d+[a-z]$/.test(text)) return new Date(now - parseDuration(text, option));
  const [, day = "", clock = "T00:00", offset = "Z"] = ISO.exec(text) ?? [];
  const time = new Date(`${day}${clock}${offset}`);
  if (!Number.isNaN(time.getTime()) && isDay(day)) return time;
  throw new UsageFailure(
    `${option} is invalid: expected a date such as 2026-04-12 or 2026-04-12T10:00Z, or so long ago, such as 45m, 12h or 30d, found ${JSON.stringify(text)}`,
  );
}

/** Whether there is such a day: to JavaScript, February 30 is March 2. */
function isDay(day: string): boolean {
  return new Date(`${day}T00:00Z`).toISOString().startsWith(day);
}
