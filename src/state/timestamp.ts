// HephaestusEcto reads 0 to 9 digits of fraction, and no other offset than UTC.
const UTC_TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|\+00:00)$/;

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether a text is an ISO 8601 time in UTC, of a day that exists. Every entry that is read is asked: a Date would cost too much. */
export function isUtcTimestamp(text: string): boolean {
  if (!UTC_TIMESTAMP.test(text)) return false;
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  const leapDay = month === 2 && isLeap(Number(text.slice(0, 4))) ? 1 : 0;
  const exists = day >= 1 && day <= (DAYS[month - 1] ?? 0) + leapDay;
  return exists && twoDigits(text, 11) < 24 && twoDigits(text, 14) < 60 && twoDigits(text, 17) < 60;
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

function twoDigits(text: string, at: number): number {
  return (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48;
}
