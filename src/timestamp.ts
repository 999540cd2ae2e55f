// HephaestusEcto reads 0 to 9 digits of fraction, and no other offset than UTC.
const UTC_TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|\+00:00)$/;

/** Whether a text is an ISO 8601 time in UTC, of a day that exists. */
export function isUtcTimestamp(text: string): boolean {
  if (!UTC_TIMESTAMP.test(text)) return false;
  const seconds = text.slice(0, 19);
  const date = new Date(`${seconds}Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(seconds);
}
