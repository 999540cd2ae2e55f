import { createPrismaStorage } from "hephaestus-prisma";
import { describe, expect, it } from "vitest";
import { readDocument } from "../../tools/snippets.js";
import { run } from "../cli/program.js";
import { connectClient } from "../database.js";

const README = readDocument("README.md");

/** What a pattern captures in the rows of the README's tables. */
function rows(pattern: string): (string | undefined)[] {
  return [...README.matchAll(new RegExp(`^\\| .*?${pattern}`, "gm"))].map(([, name]) => name);
}

describe("the README's tables", () => {
  it("have every method of a storage", () => {
    const calls = Object.keys(createPrismaStorage(connectClient({})));
    expect(calls.filter((name) => !README.includes(`\`storage.${name}(`))).toEqual([]);
  });

  it("have exactly the commands that exist", async () => {
    const { out } = await run(["--help"]);
    const commands = [...out.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name);
    expect(commands).toContain("init");
    expect(rows("`npx hephaestus-prisma ([a-z]+)").toSorted()).toEqual(commands.toSorted());
  });

  it("have a reason for every required or optional package", () => {
    const { dependencies, peerDependencies } = JSON.parse(readDocument("package.json")) as Readonly<Record<string, object>>;
    const [, section = ""] = README.split("## Dependencies");
    expect(Object.keys({ ...dependencies, ...peerDependencies }).filter((name) => !section.includes(name))).toEqual([]);
  });
});
