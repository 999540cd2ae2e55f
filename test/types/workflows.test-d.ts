import {
  createInstance,
  createPrismaStorage,
  getStorage,
  type Instance,
  type InstanceOf,
  type JsonLikeObject,
  type PrismaClientLike,
  type PrismaTransactionLike,
  type PrismaStorage,
  type QueryFilters,
  startStorage,
  type InstanceStorage,
} from "hephaestus-prisma";
import { describe, expectTypeOf, it } from "vitest";

interface OrderInitial {
  readonly total: number;
  readonly note?: string;
}

interface Workflows {
  "Order.V2": { initial: OrderInitial; steps: { pay: { receipt: string }; ship: { at: Date } } };
  "Invoice.V1": { initial: { order: string }; steps: { send: { at: Date } } };
  "Cleanup.V1": { steps: { sweep: { swept: number } } };
}
type Order = InstanceOf<Workflows, "Order.V2">;
type Invoice = InstanceOf<Workflows, "Invoice.V1">;

declare const client: PrismaClientLike;
declare const transaction: PrismaTransactionLike;
declare const storage: PrismaStorage<Workflows>;
declare const order: Order;
declare const instance: Instance;

describe("a storage of typed workflows", () => {
  it("returns one of them, discriminated by workflow", async () => {
    const instance = await storage.get("order::1");
    expectTypeOf(instance).toEqualTypeOf<InstanceOf<Workflows> | null>();
    if (instance?.workflow !== "Order.V2") return;
    expectTypeOf(instance).toEqualTypeOf<Order>();
    expectTypeOf(instance.context.initial.total).toEqualTypeOf<number>();
    // @ts-expect-error orders have no such value
    void instance.context.initial.order;
    // @ts-expect-error there is no such workflow
    void (instance.workflow === "Order.V3");
  });

  it("returns a step's result as possibly undefined", () => {
    expectTypeOf(order.context.steps.pay).toEqualTypeOf<{ receipt: string } | undefined>();
    // @ts-expect-error the step may not have run
    void order.context.steps.pay.receipt;
    // @ts-expect-error there is no such step
    void order.context.steps.send;
  });

  it("accepts only instances of its workflows", async () => {
    await storage.put(order);
    await storage.put({ ...order, context: { initial: { total: 1 }, steps: { pay: { receipt: "r" } } } }, { expected: order });
    await storage.insert({ ...order, context: { ...order.context, steps: { ...order.context.steps, ship: { at: new Date() } } } });
    await storage.putMany([order]);
    // @ts-expect-error total is a number
    await storage.put({ ...order, context: { ...order.context, initial: { total: "1" } } });
    // @ts-expect-error receipt is a string
    await storage.insert({ ...order, context: { ...order.context, steps: { pay: { receipt: 1 } } } });
    // @ts-expect-error there is no such workflow
    await storage.put({ ...order, workflow: "Order.V3" });
    // @ts-expect-error an invoice starts with something else
    await storage.putMany([{ ...order, workflow: "Invoice.V1" }]);
    // @ts-expect-error an instance of any workflow may be of another one
    await storage.put(instance);
  });

  it("returns the workflows that its filters select", async () => {
    expectTypeOf(await storage.query()).toEqualTypeOf<InstanceOf<Workflows>[]>();
    expectTypeOf(await storage.query({ status: "failed" })).toEqualTypeOf<InstanceOf<Workflows>[]>();
    expectTypeOf(await storage.query({ workflow: "Order.V2", status: "failed" })).toEqualTypeOf<Order[]>();
    expectTypeOf(await storage.query({ workflowIn: ["Order.V2", "Invoice.V1"] })).toEqualTypeOf<(Order | Invoice)[]>();
    expectTypeOf(await storage.query({ workflowFamily: "Order." }, { limit: 1 })).toEqualTypeOf<InstanceOf<Workflows>[]>();
    for await (const instance of storage.stream({ workflow: "Invoice.V1" })) expectTypeOf(instance).toEqualTypeOf<Invoice>();
    for await (const instance of storage.stream()) expectTypeOf(instance).toEqualTypeOf<InstanceOf<Workflows>>();
  });

  it("rejects filters by an unknown workflow", async () => {
    // @ts-expect-error there is no such workflow
    await storage.query({ workflow: "Order.V3" });
    // @ts-expect-error there is no such workflow
    await storage.query({ workflowIn: ["Order.V2", "Order.V3"] });
    // @ts-expect-error there is no such workflow
    await storage.count({ workflow: "Order.V3" });
    // @ts-expect-error there is no such filter
    await storage.query({ workflow: "Order.V2", state: "failed" });
  });

  it("doesn't narrow by a filter that may be missing", async () => {
    const maybe: { workflow?: "Order.V2" } = {};
    // @ts-expect-error without the filter, it would return other workflows too
    await storage.query(maybe);
    const any: QueryFilters<keyof Workflows> = maybe;
    expectTypeOf(await storage.query(any)).toEqualTypeOf<InstanceOf<Workflows>[]>();
  });

  it("updates an instance to its own type", async () => {
    const updated = await storage.update("order::1", (instance) => {
      expectTypeOf(instance).toEqualTypeOf<InstanceOf<Workflows>>();
      return { ...instance, status: "running" };
    });
    expectTypeOf(updated).toEqualTypeOf<InstanceOf<Workflows>>();
    await storage.update("order::1", async (instance) => {
      if (instance.workflow !== "Order.V2") return instance;
      return Promise.resolve({ ...instance, context: { ...instance.context, steps: { pay: { receipt: "r" } } } });
    });
    // @ts-expect-error receipt is a string
    await storage.update("order::1", (instance) => ({ ...instance, context: { ...instance.context, steps: { pay: { receipt: 1 } } } }));
  });

  it("stays typed in a transaction, and under a name", () => {
    expectTypeOf(storage.withTransaction(transaction)).toEqualTypeOf<PrismaStorage<Workflows>>();
    expectTypeOf(createPrismaStorage<Workflows>(client, { maxStateBytes: 1 })).toEqualTypeOf<PrismaStorage<Workflows>>();
    expectTypeOf(startStorage<Workflows>({ client, name: "orders" })).toEqualTypeOf<PrismaStorage<Workflows>>();
    expectTypeOf(getStorage<Workflows>("orders")).toEqualTypeOf<PrismaStorage<Workflows>>();
    // @ts-expect-error the types of a workflow are objects
    void getStorage<{ "Order.V2": { initial: number } }>();
    // @ts-expect-error the types of a workflow are objects
    void createPrismaStorage<{ "Order.V2": string }>(client);
  });

  it("can be passed where a storage of any workflows is read", () => {
    expectTypeOf<PrismaStorage<Workflows>>().toExtend<InstanceStorage<Workflows>>();
    expectTypeOf<PrismaStorage<Workflows>>().toExtend<InstanceStorage>();
    expectTypeOf<Order>().toExtend<Instance>();
  });
});

describe("createInstance", () => {
  it("returns the instance that its context expects", async () => {
    await storage.put(createInstance({ id: "order::1", workflow: "Order.V2", initial: { total: 1 } }));
    await storage.putMany([1, 2].map((n) => createInstance({ id: `order::${n}`, workflow: "Order.V2", initial: { total: n } })));
    await storage.insert(createInstance({ id: "cleanup", workflow: "Cleanup.V1" }));
    const made: Order | null = createInstance({ id: "order::1", workflow: "Order.V2", initial: { total: 1 } });
    expectTypeOf(made).toEqualTypeOf<Order>();
    // @ts-expect-error total is a number
    await storage.put(createInstance({ id: "order::1", workflow: "Order.V2", initial: { total: "1" } }));
    // @ts-expect-error an order can't start without a total
    await storage.put(createInstance({ id: "order::1", workflow: "Order.V2" }));
    // @ts-expect-error there is no such workflow
    await storage.put(createInstance({ id: "order::1", workflow: "Order.V3", initial: { total: 1 } }));
  });

  it("returns the instance of its type argument", () => {
    const made = createInstance<Order>({ id: "order::1", workflow: "Order.V2", workflowVersion: 2, initial: { total: 1 } });
    expectTypeOf(made).toEqualTypeOf<Order>();
    // @ts-expect-error an order is not an invoice
    createInstance<Order>({ id: "order::1", workflow: "Invoice.V1", initial: { total: 1 } });
  });

  it("returns no more than a new instance has", () => {
    // @ts-expect-error it is pending
    const failed: Instance & { readonly status: "failed" } = createInstance({ id: "order::1", workflow: "Order.V2" });
    // @ts-expect-error no step has run
    createInstance<Order & { readonly context: { readonly steps: { readonly pay: object } } }>({
      id: "order::1",
      workflow: "Order.V2",
      initial: { total: 1 },
    });
    void failed;
  });

  it("takes an initial context that is typed by an interface", () => {
    const initial: OrderInitial = { total: 1 };
    expectTypeOf(createInstance({ id: "order::1", workflow: "Order.V2", initial })).toEqualTypeOf<Instance>();
    expectTypeOf(createInstance<Order>({ id: "order::1", workflow: "Order.V2", initial })).toEqualTypeOf<Order>();
    // @ts-expect-error it is not an object
    createInstance({ id: "order::1", workflow: "Order.V2", initial: "total" });
    // @ts-expect-error total is a number
    createInstance<Order>({ id: "order::1", workflow: "Order.V2", initial: { total: "1" } });
  });

  it("returns an instance of any workflow otherwise", () => {
    const made = createInstance({ id: "order::1", workflow: "Order.V2", initial: { total: 1 } });
    expectTypeOf(made).toEqualTypeOf<Instance>();
    expectTypeOf(made.context.initial).toEqualTypeOf<JsonLikeObject>();
    // @ts-expect-error an instance has an id
    createInstance({ workflow: "Order.V2" });
  });
});

describe("a storage without types", () => {
  it("returns and accepts instances of any workflow", async () => {
    const untyped = createPrismaStorage(client);
    expectTypeOf(untyped).toEqualTypeOf<PrismaStorage>();
    expectTypeOf(startStorage({ client })).toEqualTypeOf<PrismaStorage>();
    expectTypeOf(getStorage()).toEqualTypeOf<PrismaStorage>();
    expectTypeOf(untyped.withTransaction(transaction)).toEqualTypeOf<PrismaStorage>();
    expectTypeOf(await untyped.get("order::1")).toEqualTypeOf<Instance | null>();
    expectTypeOf(await untyped.query({ workflow: "Order.V2" })).toEqualTypeOf<Instance[]>();
    expectTypeOf(await untyped.update("order::1", (instance) => instance)).toEqualTypeOf<Instance>();
    expectTypeOf<Parameters<PrismaStorage["put"]>[0]>().toEqualTypeOf<Instance>();
    const filters: QueryFilters = { workflowIn: [] };
    for await (const instance of untyped.stream(filters)) expectTypeOf(instance).toEqualTypeOf<Instance>();
    // @ts-expect-error there is no such filter
    await untyped.query({ status: "failed", state: "failed" });
  });
});
