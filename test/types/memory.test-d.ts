import type { InstanceOf, InstanceStorage } from "hephaestus-prisma";
import { createMemoryStorage } from "hephaestus-prisma/memory";
import { describe, expectTypeOf, it } from "vitest";
import { z } from "zod";

interface Workflows {
  "Order.V2": { initial: { total: number }; steps: { pay: { receipt: string } } };
  "Invoice.V1": { initial: { order: string } };
}

describe("the storage in memory", () => {
  it("can be passed wherever a storage is expected", () => {
    expectTypeOf(createMemoryStorage()).toExtend<InstanceStorage>();
    expectTypeOf(createMemoryStorage<Workflows>()).toExtend<InstanceStorage<Workflows>>();
  });

  it("is typed by the declared workflows, or by those of the schemas", async () => {
    const declared = await createMemoryStorage<Workflows>().get("order::1");
    expectTypeOf(declared).toEqualTypeOf<InstanceOf<Workflows> | null>();
    const schemas = { "Order.V2": { initial: z.object({ total: z.number() }), steps: { pay: z.object({ receipt: z.string() }) } } };
    const inferred = await createMemoryStorage({ schemas }).get("order::1");
    if (inferred !== null) expectTypeOf(inferred.context.initial.total).toEqualTypeOf<number>();
  });

  it("has no transactions, and accepts no options of the database", () => {
    expectTypeOf(createMemoryStorage()).not.toHaveProperty("withTransaction");
    // @ts-expect-error there is no connection to lose
    createMemoryStorage({ retry: false });
  });
});
