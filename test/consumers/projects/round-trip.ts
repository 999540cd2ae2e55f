import assert from "node:assert/strict";
import {
  createInstance,
  createPrismaStorage,
  type Instance,
  type PrismaClientLike,
  type PrismaStorage,
  type PrismaTransactionLike,
  type PrismaStorageOptions,
} from "hephaestus-prisma";

// Text that looks like JSON inside JSON text.
const HOSTILE = { $type: "Json", value: '{"n": 1}', text: '\\ " \u2028 😀 ${1} $1', list: [{ $type: "BigInt", value: "1" }] };

/** What every consumer does on its own client. It leaves one instance: `kept`, with more digits than a number can represent. */
export async function roundTrip(
  create: (options: Pick<PrismaStorageOptions, "bigIntegers" | "coalesceWrites">) => PrismaStorage,
  transact: (run: (tx: PrismaTransactionLike) => Promise<void>) => Promise<void>,
): Promise<void> {
  const storage = create({ bigIntegers: "bigint" });
  const started = createInstance({
    id: "kept",
    workflow: "Order.V2",
    workflowVersion: 2,
    initial: { total: 9007199254740993n, at: new Date(0) },
  });
  await storage.delete("kept");
  await storage.insert(started);
  await storage.put({ ...started, status: "running" });
  const kept = await storage.update("kept", (instance) => ({
    ...instance,
    status: "waiting",
    currentStep: "pay",
    stepConfigs: { pay: HOSTILE },
  }));
  assert.deepEqual(kept, { ...started, status: "waiting", currentStep: "pay", stepConfigs: { pay: HOSTILE } });
  assert.deepEqual(await storage.get("kept"), kept);
  assert.deepEqual(await storage.query({ workflowFamily: "Order.", status: "waiting" }), [kept]);
  assert.deepEqual(await storage.query({ stateContains: { current_step: "pay" } }), [kept]);

  await storage.putMany(instances("many", 3));
  await storage.update("many-1", (instance) => ({ ...instance, status: "failed" }));
  await assert.rejects(storage.insert(kept), { code: "INSTANCE_EXISTS" });

  const coalescing = create({ coalesceWrites: true });
  await Promise.all(instances("coalesced", 20).map((instance) => coalescing.put(instance)));
  assert.equal(await storage.count({ workflow: "Order.V1" }), 23);

  await transact(async (tx) => {
    await storage.withTransaction(tx).putMany(instances("committed", 2));
    assert.equal((await storage.withTransaction(tx).query({ contextContains: { of: "committed" } })).length, 2);
  });
  const rollback = transact(async (tx) => {
    await storage.withTransaction(tx).delete("kept");
    throw new Error("roll back");
  });
  await assert.rejects(rollback, { message: "roll back" });

  const { items } = await storage.list({ status: "failed" });
  assert.deepEqual(
    items.map(({ id }) => id),
    ["many-1"],
  );
  assert.equal(await storage.prune({ workflow: "Order.V1" }, { includeActive: true }), 25);
  assert.deepEqual(await storage.query(), [kept]);
}

/** Raw SQL goes around query extensions, and around no others. */
export async function keepToExtensions(extended: PrismaClientLike, others: readonly PrismaClientLike[]): Promise<void> {
  for (const client of others) assert.equal(await createPrismaStorage(client).count({ stateContains: { current_step: "none" } }), 0);
  const kept = createPrismaStorage(extended);
  await assert.rejects(kept.count({ stateContains: {} }), { code: "INVALID_CLIENT" });
  await kept.putMany(instances("kept", 3));
  assert.equal(await kept.prune({ workflow: "Order.V1" }, { includeActive: true, batchSize: 2 }), 3);
}

function instances(name: string, count: number): Instance[] {
  return Array.from({ length: count }, (_, n) => createInstance({ id: `${name}-${n}`, workflow: "Order.V1", initial: { of: name } }));
}
