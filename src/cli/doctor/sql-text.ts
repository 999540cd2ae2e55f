/** A text as a literal of SQL that a terminal can show and psql can run: what a terminal would act on is escaped. */
export function sqlText(text: string): string {
  if (/^[ -~]*$/.test(text) && !text.includes("\\")) return `'${text.replaceAll("'", "''")}'`;
  const escaped = Array.from(text, (character) => {
    if (character === "'") return "''";
    if (character === "\\") return "\\\\";
    return /[\p{C}\p{Zl}\p{Zp}]/u.test(character) ? escapeOf(character) : character;
  });
  return `E'${escaped.join("")}'`;
}

function escapeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\U${code.toString(16).padStart(8, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
}
