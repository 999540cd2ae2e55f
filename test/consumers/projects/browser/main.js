import { createInstance, InvalidIdError, STATUSES, StorageError } from "hephaestus-prisma";
import { createMemoryStorage } from "hephaestus-prisma/memory";

/** What code for the browser or the edge does with the package. */
globalThis.result = (async () => {
  const storage = createMemoryStorage();
  const order = createInstance({ id: "order::ä", workflow: "Order.V1", initial: { at: new Date(0), tags: new Set(["new"]) } });
  await storage.putMany([order, createInstance({ id: "order::1", workflow: "Order.V1" })]);
  await storage.update("order::1", (instance) => ({ ...instance, status: "running" }));
  const first = await storage.list({}, { limit: 1, orderBy: "id", direction: "desc" });
  const second = await storage.list({}, { cursor: first.nextCursor, orderBy: "id", direction: "desc" });
  const { initial } = (await storage.get("order::ä")).context;
  const error = await storage.get("").catch((reason) => reason);
  return [
    STATUSES.length,
    initial.at.getTime(),
    initial.tags.has("new"),
    [...first.items, ...second.items].map(({ id, status }) => `${id} is ${status}`),
    error instanceof StorageError && error instanceof InvalidIdError && error.name,
  ];
})();
