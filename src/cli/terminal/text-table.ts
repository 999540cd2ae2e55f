const graphemes = new Intl.Segmenter("en");
const ASCII = /^[ -~]*$/;
// Characters that terminals draw two columns wide.
const WIDE =
  /^(?:\p{Emoji_Presentation}|\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|[\u3000-\u303e\uff01-\uff60])/u;

/** The columns of a terminal that a text takes. */
function widthOf(text: string): number {
  if (ASCII.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += WIDE.test(segment) ? 2 : 1;
  return width;
}

/** Shortens a text to a width in columns: the middle is cut out, and the last `kept` columns stay. */
export function shorten(text: string, width: number, kept = 0): string {
  if (widthOf(text) <= width) return text;
  const characters = Array.from(graphemes.segment(text), ({ segment }) => segment);
  const tail = takeWidth(characters.toReversed(), kept).toReversed();
  return [...takeWidth(characters, width - kept - 1), "…", ...tail].join("");
}

function takeWidth(characters: readonly string[], width: number): string[] {
  let left = width;
  const end = characters.findIndex((character) => (left -= widthOf(character)) < 0);
  return characters.slice(0, end === -1 ? undefined : end);
}

/** The widest cell of each column. */
export function widthsOf(rows: readonly (readonly string[])[]): number[] {
  const widths: number[] = [];
  for (const row of rows) for (const [column, cell] of row.entries()) widths[column] = Math.max(widths[column] ?? 0, widthOf(cell));
  return widths;
}

/** Pads every cell to the width of its column, except in the last column. */
export function alignColumns(rows: readonly (readonly string[])[]): string[][] {
  const widths = widthsOf(rows);
  return rows.map((row) =>
    row.map((cell, column) => (column === widths.length - 1 ? cell : cell + " ".repeat((widths[column] ?? 0) - widthOf(cell)))),
  );
}
