const AS_BASE64 = 'Buffer.from(bytes).toString("base64")';

// By the tag of a class, which a minified or bundled class keeps.
const INSTEAD: ReadonlyMap<unknown, string> = new Map([
  ["RegExp", "its source and flags"],
  ["URL", "String(url)"],
  ["Decimal", "decimal.toString()"], // Prisma's
  ["ArrayBuffer", AS_BASE64],
]);

/** What to store instead of a value of a class that isn't stored, for a message; nothing if that isn't known. */
export function insteadOf(value: object): string {
  const instead = ArrayBuffer.isView(value) ? AS_BASE64 : INSTEAD.get(tagOf(value));
  return instead === undefined ? "" : `: store ${instead} instead`;
}

function tagOf(value: object): string {
  return Object.prototype.toString.call(value).slice("[object ".length, -1);
}
