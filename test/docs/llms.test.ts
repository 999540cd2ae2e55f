import { existsSync, readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { guideGroups } from "../../tools/guides.js";
import { llmsText } from "../../tools/llms.js";
import { readDocument, ROOT } from "../../tools/snippets.js";

it("the index of the guides lists each of them, in groups", () => {
  const listed = guideGroups().flatMap(({ guides }) => guides.map(({ path }) => `${path}.md`));
  const all = readdirSync(`${ROOT}docs`).filter((name) => name.endsWith(".md") && name !== "README.md");
  expect(listed.toSorted()).toEqual(all.map((name) => `docs/${name}`).toSorted());
  expect(guideGroups().map(({ guides }) => guides.length)).not.toContain(0);
});

it("the built llms.txt names each guide, by files that the package has", () => {
  expect(readDocument("llms.txt")).toBe(llmsText());
  const links = [...llmsText().matchAll(/\]\(([^)]+)\)/g)].map(([, target]) => target ?? "");
  expect(links.length).toBeGreaterThan(20);
  expect(links.filter((target) => !existsSync(`${ROOT}${target}`))).toEqual([]);
});
