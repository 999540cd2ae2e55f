import { type } from "arktype";
import {
  createPrismaStorage,
  type InstanceOf,
  type JsonLikeObject,
  type PrismaClientLike,
  type PrismaStorage,
  type StandardSchema,
  startStorage,
  type PrismaStorageOptions,
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
  it("accepts the validators of zod, valibot and arktype", () => {
    expectTypeOf(z.object({ total: z.number() })).toExtend<StandardSchema<{ total: number }>>();
    expectTypeOf(v.object({ total: v.number() })).toExtend<StandardSchema<{ total: number }>>();
    expectTypeOf(type({ total: "number" })).toExtend<StandardSchema<{ total: number }>>();
    // @ts-expect-error that is not a validator
    createPrismaStorage(client, { schemas: { "Order.V2": { initial: { total: "number" } } } });
    // @ts-expect-error a workflow has no such part
    createPrismaStorage(client, { schemas: { "Order.V2": { stages: { pay: z.object({}) } } } });
  });

  it("types the storage's workflows by the validators' input", async () => {
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
    // @ts-expect-error the schemas have no such workflow
    await storage.query({ workflow: "Order.V3" });
    const named = startStorage({ client, schemas: { "Order.V2": { initial: z.object({ total: z.number() }) } } });
    expectTypeOf((await named.get("order::1"))?.context.initial.total).toEqualTypeOf<number | undefined>();
  });

  it("must accept the declared workflows, but need not cover all of them", () => {
    const storage = createPrismaStorage<Workflows>(client, {
      schemas: { "Order.V2": { initial: z.object({ total: z.number() }), steps: { pay: z.object({ receipt: z.string() }) } } },
    });
    expectTypeOf(storage).toEqualTypeOf<PrismaStorage<Workflows>>();
    startStorage<Workflows>({ client, schemas: { "Invoice.V1": { steps: { send: z.object({}) } } } });
    // @ts-expect-error total is a number
    createPrismaStorage<Workflows>(client, { schemas: { "Order.V2": { initial: z.object({ total: z.string() }) } } });
    // @ts-expect-error the input that is coerced into a number isn't one, and is stored unchanged
    createPrismaStorage<Workflows>(client, { schemas: { "Order.V2": { initial: z.object({ total: z.coerce.number() }) } } });
    // @ts-expect-error receipt is a string
    startStorage<Workflows>({ client, schemas: { "Order.V2": { steps: { pay: v.object({ receipt: v.number() }) } } } });
    // @ts-expect-error there is no such workflow
    createPrismaStorage<Workflows>(client, { schemas: { "Order.V3": { initial: z.object({}) } } });
    // @ts-expect-error there is no such step
    createPrismaStorage<Workflows>(client, { schemas: { "Order.V2": { steps: { send: z.object({}) } } } });
  });

  it("doesn't type the storage if the schemas' type is unknown", () => {
    const options: PrismaStorageOptions = {};
    expectTypeOf(createPrismaStorage(client, options)).toEqualTypeOf<PrismaStorage>();
    expectTypeOf(createPrismaStorage(client, {})).toEqualTypeOf<PrismaStorage>();
  });

  it("throws errors that listings can skip", () => {
    expectTypeOf<UnreadableError["code"]>().toEqualTypeOf<"CORRUPT_INSTANCE" | "PRECISION_LOSS" | "SCHEMA_MISMATCH" | "TRANSFORM_FAILED">();
    expectTypeOf<InstanceOf<Workflows>["workflow"]>().toEqualTypeOf<"Order.V2" | "Invoice.V1">();
  });
});
