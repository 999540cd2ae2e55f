import { createHash } from "node:crypto";

// A connection keeps every statement that was prepared on it. Texts vary with the number of filters, rows and so on.
const MOST = 100;

/**
 * Names for statements, one for each text: `pg` prepares a name once a connection, and rejects another text under it.
 * Once there are a hundred, further texts have none.
 */
export function createStatementNames(): (text: string) => string | undefined {
  const names = new Map<string, string>();
  return (text) => {
    const known = names.get(text);
    if (known !== undefined || names.size === MOST) return known;
    const name = `hephaestus_${createHash("sha256").update(text).digest("base64url").slice(0, 22)}`;
    names.set(text, name);
    return name;
  };
}
