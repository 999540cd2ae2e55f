import assert from "node:assert/strict";
import {
  ConflictError,
  createInstance,
  createPrismaStorage,
  type Instance,
  STATUSES,
  type InstanceStorage,
  StorageError,
} from "hephaestus-prisma";
import { createMemoryStorage } from "hephaestus-prisma/memory";
import { deployMigrations, MigrationError } from "hephaestus-prisma/migrate";
import { storageContract } from "hephaestus-prisma/testing";

async function main(): Promise<void> {
  const storage: InstanceStorage = createMemoryStorage();
  const instance: Instance = createInstance({ id: "order::1", workflow: "Order.V1" });
  await storage.put(instance);
  assert.deepEqual(await storage.get("order::1"), instance);
  assert.ok(STATUSES.includes("pending") && storageContract({ name: "memory", create: () => storage }).length > 100);
  assert.equal(typeof createPrismaStorage, "function");
  assert.ok(typeof deployMigrations === "function" && new MigrationError("no database") instanceof Error);

  // A process that both requires and imports the package.
  const { createMemoryStorage: fromImport } = await (new Function("return import('hephaestus-prisma/memory')")() as Promise<
    typeof import("hephaestus-prisma/memory")
  >);
  assert.notEqual(fromImport, createMemoryStorage);
  const other = fromImport();
  const read = await other.insert(instance).then(() => other.get("order::1"));
  await other.put({ ...instance, status: "running" });
  const conflict: unknown = await other.put(instance, { expected: read as Instance }).catch((error: unknown) => error);
  assert.ok(conflict instanceof ConflictError && conflict instanceof StorageError && conflict.id === "order::1");
  console.log("done");
}

void main();
