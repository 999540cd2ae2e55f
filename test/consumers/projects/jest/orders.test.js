const { createInstance, StorageError } = require("hephaestus-prisma");
const { createMemoryStorage } = require("hephaestus-prisma/memory");

const storage = createMemoryStorage();

test("an instance with richer values is read back", async () => {
  const initial = { at: new Date(0), counts: new Map([["a", 1]]), total: 12n };
  await storage.put(createInstance({ id: "order::1", workflow: "Order.V1", initial }));
  expect((await storage.get("order::1")).context.initial).toEqual(initial);
});

test("a page follows after another's cursor", async () => {
  await storage.put(createInstance({ id: "order::ä", workflow: "Order.V1" }));
  const { nextCursor } = await storage.list({}, { limit: 1, orderBy: "id", direction: "asc" });
  const { items } = await storage.list({}, { cursor: nextCursor, orderBy: "id", direction: "asc" });
  expect(items.map(({ id }) => id)).toEqual(["order::ä"]);
});

test("misuse throws a StorageError with its class's name", async () => {
  await expect(storage.insert(createInstance({ id: "order::1", workflow: "Order.V1" }))).rejects.toThrow(StorageError);
  await expect(storage.get(7)).rejects.toMatchObject({ name: "InvalidIdError", code: "INVALID_ID" });
});
