import { readFile } from "node:fs/promises";
import { storageContract } from "hephaestus-prisma/testing";
import { describe, expect, it } from "vitest";
import { brokenStorages } from "../contract/broken/all.js";
import { brokenRows } from "../contract/broken/rows.js";

const create = (): never => {
  throw new Error("no case is run here");
};

/** What the guides count, and the words around the figure. */
const counts: [string, number, [guide: string, words: RegExp][]][] = [
  [
    "cases of the contract",
    storageContract({ name: "a table", create, storeRow: create, transact: create, withTransform: create }).length,
    [
      ["testing", /in (\d+) named cases/],
      ["reliability", /the (\d+) cases of the/],
    ],
  ],
  [
    "storages with one fault",
    brokenStorages.length + brokenRows.length,
    [
      ["testing", /against (\d+) storages with one deliberate fault/],
      ["reliability", /and (\d+) storages with one deliberate fault/],
    ],
  ],
];

describe("the guides count right", () => {
  it.each(counts)("%s: %i", async (_, count, places) => {
    for (const [guide, words] of places) {
      const text = await readFile(new URL(`../../docs/${guide}.md`, import.meta.url), "utf8");
      expect([guide, words.exec(text)?.[1]]).toEqual([guide, String(count)]);
    }
  });
});
