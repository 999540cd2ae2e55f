import { type } from "arktype";
import {
  createPrismaStorage,
  type InstanceOf,
  type JsonLikeObject,
  type PrismaClientLike,
  type PrismaStorage,
  type StandardSchema,
  startStorage,
  type StorageOptions,
  type UnreadableError,
} from "hephaestus-prisma";
import * as v from "valibot";
import { describe, expectTypeOf, it } from "vitest";
import { z } from "zod";

interface Workflows {
  "Order.V2": { initial: { total: number }; steps: { pay: { receipt: string }; ship: { at: Date } } };
  "Invoice.V1": { initial: { order: string } };
}

declare const client: PrismaClientLike;

describe("the option schemas", () => {
  it("takes the validators of zod, valibot and arktype", () => {
    expectTypeOf(z.object({ total: z.number() })).toExtend<StandardSchema<{ total: number }>>();
    expectTypeOf(v.object({ total: v.number() })).toExtend<StandardSchema<{ total: number }>>();
    expectTypeOf(type({ total: "number" })).toExtend<StandardSchema<{ total: number }>>();
    // @ts-expect-error that is no validator
    createPrismaStorage(client, { schemas: { "Order.V2": { initial: { total: "number" } } } });
    // @ts-expect-error a workflow has no such part
    createPrismaStorage(client, { schemas: { "Order.V2": { stages: { pay: z.object({}) } } } });
  });

  it("tells the storage which workflows it has, by what the validators take", async () => {
    const storage = createPrismaStorage(client, {
      coalesceWrites: true,
      schemas: {
        "Order.V2": {
          initial: z.object({ total: z.number(), note: z.string().default("") }),
          steps: { pay: v.object({ receipt: v.string() }) },
        },
        "Invoice.V1": { initial: type({ order: "string" }) },
        "Cleanup.V1": { initial: z.preprocess((value) => value, z.object({ days: z.number() })) },
      },
    });
    const [order] = await storage.query({ workflow: "Order.V2" });
    expectTypeOf(order?.context.initial.total).toEqualTypeOf<number | undefined>();
    expectTypeOf(order?.context.initial.note).toEqualTypeOf<string | undefined>();
    expectTypeOf(order?.context.steps.pay).toEqualTypeOf<{ receipt: string } | undefined>();
    const [invoice] = await storage.query({ workflow: "Invoice.V1" });
    expectTypeOf(invoice?.context.initial.order).toEqualTypeOf<string | undefined>();
    expectTypeOf(invoice?.context.steps).toEqualTypeOf<JsonLikeObject | undefined>();
    const [cleanup] = await storage.query({ workflow: "Cleanup.V1" });
    expectTypeOf(cleanup?.context.initial).toEqualTypeOf<JsonLikeObject | undefined>();
    // @ts-expect-error the schemas tell of no such workflow
    await storage.query({ workflow: "Order.V3" });
    const named = startStorage({ client, schemas: { "Order.V2": { initial: z.object({ total: z.number() }) } } });
    expectTypeOf((await named.get("order::1"))?.context.initial.total).toEqualTypeOf<number | undefined>();
  });

  it("must take what is declared, but needs not take all of it", () => {
    const storage = createPrismaStorage<Workflows>(client, {
      schemas: { "Order.V2": { initial: z.object({ total: z.number() }), steps: { pay: z.object({ receipt: z.string() }) } } },
    });
    expectTypeOf(storage).toEqualTypeOf<PrismaStorage<Workflows>>();
    startStorage<Workflows>({ client, schemas: { "Invoice.V1": { steps: { send: z.object({}) } } } });
    // @ts-expect-error total is a number
    createPrismaStorage<Workflows>(client, { schemas: { "Order.V2": { initial: z.object({ total: z.string() }) } } });
    // @ts-expect-error what is coerced into a number was none, and stays so
    createPrismaStorage<Workflows>(client, { schemas: { "Order.V2": { initial: z.object({ total: z.coerce.number() }) } } });
    // @ts-expect-error receipt is a string
    startStorage<Workflows>({ client, schemas: { "Order.V2": { steps: { pay: v.object({ receipt: v.number() }) } } } });
    // @ts-expect-error there is no such workflow
    createPrismaStorage<Workflows>(client, { schemas: { "Order.V3": { initial: z.object({}) } } });
    // @ts-expect-error there is no such step
    createPrismaStorage<Workflows>(client, { schemas: { "Order.V2": { steps: { send: z.object({}) } } } });
  });

  it("tells nothing where nobody knows it", () => {
    const options: StorageOptions = {};
    expectTypeOf(createPrismaStorage(client, options)).toEqualTypeOf<PrismaStorage>();
    expectTypeOf(createPrismaStorage(client, {})).toEqualTypeOf<PrismaStorage>();
  });

  it("raises what listings can leave out", () => {
    expectTypeOf<UnreadableError["code"]>().toEqualTypeOf<"CORRUPT_INSTANCE" | "PRECISION_LOSS" | "SCHEMA_MISMATCH">();
    expectTypeOf<InstanceOf<Workflows>["workflow"]>().toEqualTypeOf<"Order.V2" | "Invoice.V1">();
  });
});
