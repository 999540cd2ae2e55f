import type { InstanceStorage } from "hephaestus-prisma";
import { createMemoryStorage } from "hephaestus-prisma/memory";
import { storageContract } from "hephaestus-prisma/testing";
import { beforeAll, describe, expect, it } from "vitest";
import { brokenArguments } from "./broken/arguments.js";
import { brokenCounts } from "./broken/counts.js";
import { brokenFilters } from "./broken/filters.js";
import { brokenPages } from "./broken/pages.js";
import { brokenSwaps } from "./broken/swaps.js";
import { brokenValues } from "./broken/values.js";
import { brokenWrites } from "./broken/writes.js";

const faults = [...brokenValues, ...brokenWrites, ...brokenSwaps, ...brokenFilters, ...brokenPages, ...brokenCounts, ...brokenArguments];

describe("the contract catches, by these cases and no others, a storage that", () => {
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

  it.each(faults)("$fault", async ({ fault, create, methods, caughtBy }) => {
    const cases = storageContract({ name: fault, create }).filter((_, n) => methods.some((method) => called[n]?.has(method)));
    const settled = await Promise.allSettled(cases.map(({ run }) => run()));
    const caught = cases.filter((_, n) => settled[n]?.status === "rejected").map(({ group, name }) => `${group}: ${name}`);
    expect(caught).toEqual(caughtBy);
  });
});

describe("the contract", () => {
  it("destroys what it has created, also if a case fails", async () => {
    const created: unknown[] = [];
    const destroyed: unknown[] = [];
    const subject = {
      name: "nothing",
      create: () => {
        created.push({});
        return created.at(-1) as never;
      },
      destroy: (storage: unknown) => void destroyed.push(storage),
    };
    const [first] = storageContract(subject);
    await expect(first?.run()).rejects.toThrow(TypeError);
    expect(created).toHaveLength(1);
    expect(destroyed).toEqual(created);
  });
});
