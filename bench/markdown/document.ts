import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/**
 * Writes measured sections of a document in `docs`; the text around them stays. A section is what is between
 * `<!-- bench:name -->` and `<!-- /bench:name -->`. With `elsewhere`, the document may have these sections too.
 */
export async function writeSections(
  name: string,
  sections: Readonly<Record<string, string>>,
  elsewhere: readonly string[] | "any" = [],
): Promise<void> {
  const document = join(ROOT, "docs", name);
  writeFileSync(document, replaceSections(readFileSync(document, "utf8"), sections, elsewhere));
  await run("npx", ["oxfmt", document], { cwd: ROOT });
  console.log(`wrote ${document}`);
}

const SECTION = /^<!-- bench:(?<name>\w+) -->$[^]*?^<!-- \/bench:\k<name> -->$/gm;

/** The text with its sections replaced. Throws if a section is in the text or the figures only. */
function replaceSections(text: string, sections: Readonly<Record<string, string>>, elsewhere: readonly string[] | "any"): string {
  const unused = new Set(Object.keys(sections));
  const replaced = text.replaceAll(SECTION, (whole, name: string) => {
    const section = sections[name];
    if (section === undefined && (elsewhere === "any" || elsewhere.includes(name))) return whole;
    if (section === undefined)
      throw new Error(`the document has a section bench:${name}, which the run did not measure: remove its markers`);
    unused.delete(name);
    return `<!-- bench:${name} -->\n\n${section}\n\n<!-- /bench:${name} -->`;
  });
  if (unused.size > 0) throw new Error(`the document lacks the markers of ${[...unused].map((name) => `bench:${name}`).join(", ")}`);
  return replaced;
}
