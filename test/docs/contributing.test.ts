import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { codeOf, readDocument, ROOT } from "../../tools/snippets.js";

const guide = readDocument("CONTRIBUTING.md");
const files = ["src", "test"].flatMap((folder) =>
  readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: "utf8" }).map((path) => `/${folder}/${path}`),
);
const tree = codeOf("CONTRIBUTING.md", "text").find((code) => code.startsWith("src/index.ts")) ?? "";

describe("CONTRIBUTING's tree", () => {
  it("names every folder of src once, and no other", () => {
    const named = [...tree.matchAll(/^src\/([a-z0-9-]+)\/(?=\s)/gm)].map(([, folder]) => folder);
    const folders = readdirSync(`${ROOT}src`, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    expect(named.toSorted()).toEqual(folders.map(({ name }) => name).toSorted());
  });

  it("names files that exist, and so does the text around it", () => {
    const named = [...tree.matchAll(/[a-z-]+\.ts\b/g), ...guide.matchAll(/(?<=`)[a-z/-]+\.ts(?=`)/g)].map(([path]) => path);
    expect(named).toContain("sql/faults.ts");
    expect(named.filter((path) => !files.some((file) => file.endsWith(`/${path}`)))).toEqual([]);
  });
});
