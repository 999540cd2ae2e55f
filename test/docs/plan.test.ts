import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { readDocument, ROOT } from "../../tools/snippets.js";

const [, section = ""] = /<!-- bench:plan -->([^]*?)<!-- \/bench:plan -->/.exec(readDocument("docs/scale.md")) ?? [];
const plans = [...section.matchAll(/```sh\nnpm run plan:scale -- (.*)\n```\n\n((?:\|.*\n)+)/g)];

/** The cells of a Markdown table. */
const cellsOf = (table: string): string[][] =>
  table
    .trim()
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim().replace(/-+:?$/, "-")));

describe("docs/scale.md", () => {
  it("has plans for 100 million and a billion instances", () => {
    expect(plans.map(([, , table]) => table?.split(" of ")[0])).toEqual(["| 100,000,000 instances", "| 1,000,000,000 instances"]);
  });

  it.each(plans.map(([, flags = "", table = ""]) => ({ flags, table })))("shows what plan:scale prints for $flags", ({ flags, table }) => {
    const { stdout, stderr } = spawnSync("npx", ["tsx", "bench/plan.ts", ...flags.split(" ")], { cwd: ROOT, encoding: "utf8" });
    expect(stderr).toBe("");
    expect(cellsOf(table)).toEqual(cellsOf(stdout));
  });
});
