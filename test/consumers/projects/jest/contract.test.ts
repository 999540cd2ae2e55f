import { createMemoryStorage } from "hephaestus-prisma/memory";
import { storageContract } from "hephaestus-prisma/testing";

// Values of Jest's own realm are `toEqual`'s business, so here is what a storage does beside keeping values.
const groups = ["put", "insert", "update", "delete", "list", "count", "prune"];
const cases = storageContract({ name: "memory", create: () => createMemoryStorage() }).filter(({ group }) => groups.includes(group));

test.each(cases.map(({ group, name, run }) => [group, name, run] as const))("%s: %s", async (_group, _name, run) => {
  await run();
});

test("the contract has cases of each group", () => {
  expect(new Set(cases.map(({ group }) => group))).toEqual(new Set(groups));
});
