// Control characters, line separators, and what turns the direction of a text: a terminal would obey them.
const OBEYED = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/**
 * A text of the database that may go to a terminal: what that would obey is escaped as JSON does it. A JSON text stays
 * the same JSON, since these characters stand only within its strings.
 */
export function visible(text: string): string {
  return text.replace(OBEYED, (character) => {
    const escaped = JSON.stringify(character).slice(1, -1);
    return escaped === character ? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}` : escaped;
  });
}
