// Control characters, line separators, and marks that turn the direction of a text: a terminal would act on them.
const CONTROL_CHARACTERS = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * Escapes a text of the database for a terminal, as JSON escapes control characters. A JSON text stays the same JSON,
 * because these characters occur only within its strings.
 */
export function visible(text: string): string {
  return text.replace(CONTROL_CHARACTERS, (character) => {
    const escaped = JSON.stringify(character).slice(1, -1);
    return escaped === character ? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}` : escaped;
  });
}

/** The same for a text of several lines, which stay apart. */
export function visibleLines(text: string): string {
  return text.split("\n").map(visible).join("\n");
}
