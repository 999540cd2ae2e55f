import { createPrismaStorage, type PrismaClientLike, type PrismaTransactionLike, startStorage } from "hephaestus-prisma";
import { describe, expectTypeOf, it } from "vitest";
import { PrismaClient } from "../../generated/prisma/client.js";
import type { PrismaPg } from "@prisma/adapter-pg";

declare const client: PrismaClient;
declare const adapter: PrismaPg;
declare const transaction: Parameters<Parameters<PrismaClient["$transaction"]>[0]>[0];
type Delegate = PrismaClient["workflowInstance"];
type Renamed = Omit<PrismaClient, "workflowInstance"> & { invoiceRun: Delegate; order: { upsert(): Promise<void> } };
declare const renamed: Renamed;

describe("the client that the storage accepts", () => {
  it("can be the generated one", () => {
    expectTypeOf<PrismaClient>().toExtend<PrismaClientLike>();
    expectTypeOf<typeof createPrismaStorage<"workflowInstance">>().toBeCallableWith(client);
  });

  it("can be an interactive transaction", () => {
    expectTypeOf(transaction).toExtend<PrismaClientLike>();
    expectTypeOf(transaction).toExtend<PrismaTransactionLike>();
    expectTypeOf(client).not.toExtend<PrismaTransactionLike>();
  });

  it("can be extended in its queries, models and results", () => {
    const extended = client
      .$extends({ query: { $allModels: { findMany: ({ args, query }) => query(args) } } })
      .$extends({ model: { workflowInstance: { countAll: () => 1 } } })
      .$extends({ client: { $hello: () => "hello" } });
    expectTypeOf(extended).toExtend<PrismaClientLike>();
  });

  it("can have the model under another name, given in the options", () => {
    expectTypeOf<Renamed>().toExtend<PrismaClientLike<"invoiceRun">>();
    expectTypeOf<Renamed>().not.toExtend<PrismaClientLike<"invoice">>();
    expectTypeOf<Renamed>().not.toExtend<PrismaClientLike<"order">>();
    expectTypeOf<Renamed>().not.toExtend<PrismaClientLike>();
    createPrismaStorage(renamed, { model: "invoiceRun" });
    startStorage({ client: renamed, model: "invoiceRun" });
    // @ts-expect-error It has no workflowInstance.
    createPrismaStorage(renamed);
    // @ts-expect-error Its orders are not instances.
    startStorage({ client: renamed, model: "order" });
  });

  it("can't be without the model", () => {
    expectTypeOf<Omit<PrismaClient, "workflowInstance">>().not.toExtend<PrismaClientLike>();
    expectTypeOf<{ workflow: Delegate }>().not.toExtend<PrismaClientLike>();
  });

  it("can't lack one of the verbs", () => {
    expectTypeOf<{ workflowInstance: Omit<Delegate, "findUnique"> }>().not.toExtend<PrismaClientLike>();
    expectTypeOf<{ workflowInstance: Omit<Delegate, "findMany"> }>().not.toExtend<PrismaClientLike>();
    expectTypeOf<{ workflowInstance: Omit<Delegate, "upsert"> }>().not.toExtend<PrismaClientLike>();
    expectTypeOf<{ workflowInstance: Omit<Delegate, "createMany"> }>().not.toExtend<PrismaClientLike>();
    expectTypeOf<{ workflowInstance: Omit<Delegate, "updateMany"> }>().not.toExtend<PrismaClientLike>();
    expectTypeOf<{ workflowInstance: Omit<Delegate, "deleteMany"> }>().not.toExtend<PrismaClientLike>();
  });

  it("can't have columns of other types", () => {
    type NumberId = (args: { where: { id: number } }) => Promise<null>;
    expectTypeOf<{ workflowInstance: Omit<Delegate, "findUnique"> & { findUnique: NumberId } }>().not.toExtend<PrismaClientLike>();
    type TextVersion = (args: object) => Promise<{ id: string; workflow: string; workflowVersion: string }[]>;
    expectTypeOf<{ workflowInstance: Omit<Delegate, "findMany"> & { findMany: TextVersion } }>().not.toExtend<PrismaClientLike>();
  });

  it("can omit columns unless they are selected", () => {
    const client = new PrismaClient({ adapter, omit: { workflowInstance: { state: true, updatedAt: true } } });
    expectTypeOf(client).toExtend<PrismaClientLike>();
  });
});
