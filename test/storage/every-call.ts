import type { InstanceStorage } from "hephaestus-prisma";
import { anInstance } from "hephaestus-prisma/testing";
import { expect } from "vitest";

/** One call of each kind. */
export const oneOfEach: readonly (readonly [name: string, call: (storage: InstanceStorage) => Promise<unknown>])[] = [
  ["get", (storage) => storage.get("order::1")],
  ["put", (storage) => storage.put(anInstance())],
  ["put with expected", (storage) => storage.put(anInstance({ status: "failed" }), { expected: anInstance() })],
  ["insert", (storage) => storage.insert(anInstance())],
  ["update", (storage) => storage.update("order::1", (current) => ({ ...current, status: "failed" }))],
  ["putMany", (storage) => storage.putMany([anInstance(), anInstance({ id: "order::2" })])],
  ["delete", (storage) => storage.delete("order::1")],
  ["query", (storage) => storage.query()],
  ["stream", (storage) => storage.stream().next()],
  ["list", (storage) => storage.list()],
  ["count", (storage) => storage.count()],
  ["countBy", (storage) => storage.countBy("status")],
  ["prune", (storage) => storage.prune({ status: "completed" })],
];

/** Makes every call on an empty table, checks what each returns, and leaves two instances: `<name>::put` and `<name>::update`. */
export async function makeEveryCall(storage: InstanceStorage, name: string): Promise<void> {
  const [put, inserted, updated] = ["put", "insert", "update"].map((call) => anInstance({ id: `${name}::${call}` }));
  if (put === undefined || inserted === undefined || updated === undefined) return expect.fail("three are made");
  await storage.put(put);
  await storage.insert(inserted);
  await expect(storage.insert(inserted)).rejects.toMatchObject({ code: "INSTANCE_EXISTS" });
  await storage.putMany([put, updated]);
  expect(await storage.update(updated.id, (current) => ({ ...current, currentStep: "ship" }))).toEqual({ ...updated, currentStep: "ship" });
  const running = { ...put, status: "running" as const };
  await storage.put(running, { expected: put });
  await expect(storage.put({ ...put, status: "failed" }, { expected: put })).rejects.toMatchObject({ code: "CONFLICT" });
  expect(await storage.get(put.id)).toEqual(running);
  await storage.put({ ...inserted, status: "completed" });
  const ids = [inserted.id, put.id, updated.id];
  expect((await storage.query()).map(({ id }) => id)).toEqual(ids);
  const streamed: string[] = [];
  for await (const { id } of storage.stream({}, { batchSize: 2 })) streamed.push(id);
  expect(streamed).toEqual(ids);
  expect((await storage.list({}, { orderBy: "id", direction: "asc" })).items.map(({ id }) => id)).toEqual(ids);
  expect(await storage.countBy("status")).toEqual(new Map([["completed", 1], ["running", 1], ["waiting", 1]])); // prettier-ignore
  expect(await storage.prune({ status: "completed" })).toBe(1);
  await storage.put({ ...inserted });
  await storage.delete(inserted.id);
  expect(await storage.count()).toBe(2);
}
