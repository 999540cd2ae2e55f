// PostgreSQL rejects NUL, and UTF-8 has no lone surrogates: they become \uXXXX, and \ becomes \\.

/** A text as PostgreSQL can store it. */
export function escapeText(text: string): string {
  return text.replace(/[\\\0]|\p{Surrogate}/gu, (unit) =>
    unit === "\\" ? "\\\\" : `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** The text that was escaped. */
export function unescapeText(escaped: string): string {
  return escaped.replace(/\\(?:\\|u([0-9a-f]{4}))/g, (_, unit?: string) =>
    unit === undefined ? "\\" : String.fromCharCode(Number.parseInt(unit, 16)),
  );
}
