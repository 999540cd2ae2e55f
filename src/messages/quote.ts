// JSON leaves these as they are: C1 controls, line separators, and marks that are invisible or turn the direction of a text.
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A text in quotes, as JSON, for messages: a terminal or a log would obey what is escaped in it. */
export function quote(text: string): string {
  return JSON.stringify(text).replace(INVISIBLE, (character) =>
    Array.from({ length: character.length }, (_, unit) => `\\u${character.charCodeAt(unit).toString(16).padStart(4, "0")}`).join(""),
  );
}
