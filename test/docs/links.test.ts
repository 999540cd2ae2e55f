import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { anchorsOf, documents, type Link, linksOf, ROOT } from "../../tools/snippets.js";

function problemOf({ file, line, target }: Link): string | null {
  if (/^[a-z]+:/.test(target)) return null; // external: no test should depend on the network
  const [path = "", anchor] = target.split("#");
  const linked = path === "" ? file : join(dirname(file), path);
  if (!existsSync(join(ROOT, linked))) return `${file}:${line}: there is no file ${linked}`;
  if (anchor !== undefined && !anchorsOf(linked).has(anchor)) return `${file}:${line}: ${linked} has no heading #${anchor}`;
  return null;
}

describe("the documents' links", () => {
  it.each(documents)("%s links to files and headings that exist", (file) => {
    expect(linksOf(file).flatMap((link) => problemOf(link) ?? [])).toEqual([]);
  });

  it("lead to every guide from their index", () => {
    const linked = ["docs/README.md", ...linksOf("docs/README.md").map(({ target }) => `docs/${target}`)];
    expect(documents.filter((file) => file.startsWith("docs/") && !linked.includes(file))).toEqual([]);
  });
});
