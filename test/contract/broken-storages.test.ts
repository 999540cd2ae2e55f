import type { InstanceStorage } from "hephaestus-prisma";
import { createMemoryStorage } from "hephaestus-prisma/memory";
import { createPgStorage } from "hephaestus-prisma/pg";
import { type ContractCase, storageContract } from "hephaestus-prisma/testing";
import { describe, expect, it } from "vitest";
import { preparePostgresDatabase } from "../database.js";
import { databaseOn } from "../storage-on.js";
import { storeRowIn } from "../store-row.js";
import { brokenStorages } from "./broken/all.js";
import { brokenRows } from "./broken/rows.js";

const ROWS = "rows of other writers, by storeRow";
const LACKS = "what it lacks";

const nameOf = ({ group, name }: ContractCase): string => `${group}: ${name}`;

/** Expects that a storage fails each of the cases by which it is to be caught. */
async function expectCaught(cases: readonly ContractCase[], caughtBy: readonly string[]): Promise<void> {
  expect(caughtBy).not.toEqual([]);
  const caught: string[] = [];
  for (const one of cases.filter((each) => caughtBy.includes(nameOf(each)))) await one.run().catch(() => caught.push(nameOf(one)));
  expect(caughtBy.filter((name) => !caught.includes(name))).toEqual([]);
}

describe("the contract catches, by at least these cases, a storage that", () => {
  it.each(brokenStorages)("$fault", async ({ fault, create, caughtBy }) => {
    await expectCaught(storageContract({ name: fault, create }), caughtBy);
  });
});

describe("the contract of rows catches, by at least these cases, a storage that", () => {
  const database = databaseOn(preparePostgresDatabase);
  const sound = createPgStorage(database.pool);
  const storeRow = storeRowIn(database);

  const casesOn = (storage: InstanceStorage, lacks: Parameters<typeof storageContract>[0]["lacks"] = {}): ContractCase[] =>
    storageContract({
      name: "a storage",
      async create() {
        await database.sql("DELETE FROM workflow_instances");
        return storage;
      },
      storeRow,
      lacks,
    });

  it.each(brokenRows)("$fault", async ({ overrides, caughtBy }) => {
    await expectCaught(casesOn({ ...sound, ...overrides(sound, database) }), caughtBy.map((name) => `${ROWS}: ${name}`)); // prettier-ignore
  });

  it("can do what it is said to lack", async () => {
    const lacks = { containment: "it has no verb for it", exactNumbers: "it parses the JSON", anyKeys: "it copies the JSON" };
    const caughtBy = [
      `rejects stateContains and contextContains: ${lacks.containment}`,
      ...["rejects numbers beyond 2^53", "says that an update of a long decimal can't succeed"].map(
        (name) => `${name}: ${lacks.exactNumbers}`,
      ),
      `rejects keys that it would lose: ${lacks.anyKeys}`,
    ];
    await expectCaught(casesOn(sound, lacks), caughtBy.map((name) => `${LACKS}: ${name}`)); // prettier-ignore
  });

  it("is sound: none", async () => {
    for (const one of casesOn(sound).filter(({ group }) => group === ROWS)) await one.run();
  });
});

it.each(["signals", "put with expected", ROWS])("each case of the group %j is one by which a broken storage is caught", (group) => {
  const ofRows = brokenRows.flatMap(({ caughtBy }) => caughtBy.map((name) => `${ROWS}: ${name}`));
  const declared = new Set([...brokenStorages.flatMap(({ caughtBy }) => caughtBy), ...ofRows]);
  const cases = storageContract({ name: "any", create: createMemoryStorage, storeRow: () => {} }).filter((one) => one.group === group);
  expect(cases.length).toBeGreaterThan(10);
  expect(cases.map(nameOf).filter((name) => !declared.has(name))).toEqual([]);
});
