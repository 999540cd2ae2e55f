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

/** How a consumer creates storages on its client, and where the table is. */
export interface Way {
  readonly create: (options: Pick<PrismaStorageOptions, "bigIntegers" | "coalesceWrites" | "table">) => PrismaStorage;
  readonly transact: (run: (tx: PrismaTransactionLike) => Promise<void>) => Promise<void>;
  readonly table?: string;
}

/**
 * What every consumer does on its own client, by Prisma's verbs and then by SQL. It leaves one instance: `kept`, with more
 * digits than a number can represent.
 */
export async function roundTrip({ create, transact, table = "public.workflow_instances" }: Way): Promise<void> {
  await byEither(create({}), create({}), transact);
  assert.throws(() => create({ coalesceWrites: true }), { code: "INVALID_OPTION", option: "coalesceWrites" });
  await assert.rejects(create({}).count({ stateContains: {} }), { code: "INVALID_FILTER", filter: "stateContains" });

  const storage = create({ table, bigIntegers: "bigint" });
  await byEither(storage, create({ table, coalesceWrites: true }), transact);
  assert.equal((await storage.query({ stateContains: { current_step: "pay" } })).length, 1);
  await transact(async (tx) => {
    assert.equal(await storage.withTransaction(tx).count({ contextContains: { of: "kept" } }), 1);
  });
}

async function byEither(storage: PrismaStorage, concurrent: PrismaStorage, transact: Way["transact"]): Promise<void> {
  const started = createInstance({
    id: "kept",
    workflow: "Order.V2",
    workflowVersion: 2,
    initial: { of: "kept", total: 9007199254740993n, at: new Date(0) },
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

  await storage.putMany(instances("many", 3));
  await storage.update("many-1", (instance) => ({ ...instance, status: "failed" }));
  await assert.rejects(storage.insert(kept), { code: "INSTANCE_EXISTS" });
  await Promise.all(instances("concurrent", 20).map((instance) => concurrent.put(instance)));
  assert.equal(await storage.count({ workflow: "Order.V1" }), 23);

  await transact(async (tx) => {
    await storage.withTransaction(tx).putMany(instances("committed", 2));
    assert.equal(await storage.withTransaction(tx).count({ workflow: "Order.V1" }), 25);
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

/** A client's query extension sees every call by verbs, and none by SQL. */
export async function checkExtension(extended: PrismaClientLike, calls: () => number): Promise<void> {
  const before = calls();
  const bySql = createPrismaStorage(extended, { table: "public.workflow_instances" });
  await bySql.putMany(instances("sql", 3));
  assert.equal(await bySql.prune({ workflow: "Order.V1" }, { includeActive: true, batchSize: 2 }), 3);
  assert.equal(calls(), before);
  const byVerbs = createPrismaStorage(extended);
  await byVerbs.put(createInstance({ id: "verbs", workflow: "Order.V1" }));
  assert.equal(calls(), before + 1);
  await byVerbs.putMany(instances("verbs", 3));
  assert.equal(calls(), before + 4);
  assert.equal(await byVerbs.prune({ workflow: "Order.V1" }, { includeActive: true }), 4);
  assert.equal(calls(), before + 6, "a findMany and a deleteMany");
}

function instances(name: string, count: number): Instance[] {
  return Array.from({ length: count }, (_, n) => createInstance({ id: `${name}-${n}`, workflow: "Order.V1", initial: { of: name } }));
}
