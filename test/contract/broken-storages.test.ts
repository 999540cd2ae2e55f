import type { InstanceStorage } from "hephaestus-prisma";
import { createMemoryStorage } from "hephaestus-prisma/memory";
import { createPgStorage } from "hephaestus-prisma/pg";
import { type ContractCase, storageContract } from "hephaestus-prisma/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { preparePostgresDatabase } from "../database.js";
import { databaseOn } from "../storage-on.js";
import { storeRowIn } from "../store-row.js";
import { brokenStorages } from "./broken/all.js";
import { brokenRows } from "./broken/rows.js";

const ROWS = "rows of other writers, by storeRow";
const LACKS = "what it lacks";

const nameOf = ({ group, name }: ContractCase): string => `${group}: ${name}`;

/** Expects that cases have failed. Others may have failed too, for one fault can show in many ways: they are listed. */
function expectCaught(fault: string, caught: readonly string[], caughtBy: readonly string[]): void {
  const strays = caught.filter((name) => !caughtBy.includes(name));
  if (strays.length > 0) console.warn(`a storage that ${fault} is also caught by ${strays.join("; ")}`);
  expect(caughtBy).not.toEqual([]);
  expect(caughtBy.filter((name) => !caught.includes(name))).toEqual([]);
}

describe("the contract catches, by at least these cases, a storage that", () => {
  // The methods that each case calls. One that calls no faulty method runs as it does here, on the sound storage.
  const called: Set<PropertyKey>[] = [];
  beforeAll(async () => {
    const create = (): InstanceStorage => {
      const names = new Set<PropertyKey>();
      called.push(names);
      return new Proxy(createMemoryStorage(), {
        get(storage, name) {
          names.add(name);
          return Reflect.get(storage, name) as unknown;
        },
      });
    };
    for (const { run } of storageContract({ name: "the sound storage", create })) await run();
  });

  it.each(brokenStorages)("$fault", async ({ fault, create, methods, groups, caughtBy }) => {
    const cases = storageContract({ name: fault, create })
      .filter((_, n) => methods.some((method) => called[n]?.has(method)))
      .filter(({ group }) => groups === undefined || groups.includes(group));
    const settled = await Promise.allSettled(cases.map(({ run }) => run()));
    expectCaught(fault, cases.filter((_, n) => settled[n]?.status === "rejected").map(nameOf), caughtBy);
  });
});

describe("the contract of rows catches, by at least these cases, a storage that", () => {
  const database = databaseOn(preparePostgresDatabase);
  const sound = createPgStorage(database.pool);
  const storeRow = storeRowIn(database);

  /** The cases of a group that a storage fails. */
  async function caughtOf(
    storage: InstanceStorage,
    group: string,
    lacks: Parameters<typeof storageContract>[0]["lacks"] = {},
  ): Promise<string[]> {
    const create = async (): Promise<InstanceStorage> => {
      await database.sql("DELETE FROM workflow_instances");
      return storage;
    };
    const cases = storageContract({ name: "a storage", create, storeRow, lacks }).filter((one) => one.group === group);
    const caught: string[] = [];
    for (const one of cases) await one.run().catch(() => caught.push(nameOf(one)));
    return caught;
  }

  it.each(brokenRows)("$fault", async ({ fault, overrides, caughtBy }) => {
    const caught = await caughtOf({ ...sound, ...overrides(sound, database) }, ROWS);
    expectCaught(fault, caught, caughtBy.map((name) => `${ROWS}: ${name}`)); // prettier-ignore
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
    expectCaught("can do what it is said to lack", await caughtOf(sound, LACKS, lacks), caughtBy.map((name) => `${LACKS}: ${name}`)); // prettier-ignore
  });

  it("is sound: none", async () => {
    expect(await caughtOf(sound, ROWS)).toEqual([]);
  });
});

it.each(["signals", "put with expected", ROWS])("each case of the group %j is one by which a broken storage is caught", (group) => {
  const ofRows = brokenRows.flatMap(({ caughtBy }) => caughtBy.map((name) => `${ROWS}: ${name}`));
  const declared = new Set([...brokenStorages.flatMap(({ caughtBy }) => caughtBy), ...ofRows]);
  const cases = storageContract({ name: "any", create: createMemoryStorage, storeRow: () => {} }).filter((one) => one.group === group);
  expect(cases.length).toBeGreaterThan(10);
  expect(cases.map(nameOf).filter((name) => !declared.has(name))).toEqual([]);
});
